// Session monitoring by the way of reference 000: connections by session in one object, all of it written to the
// console at each webhook; who is one too many is disconnected at once, whose time is over at the next look every 5 s.
// Its SDK is a stub here: one request over a connection that stays open.
// Arguments: the platform's URL, how many rooms there are, most people in one, and the time limit in seconds (0: none).
'use strict';
const fs = require('fs');
const http = require('http');
const express = require('express');
const bodyParser = require('body-parser');

const [platform, rooms, mostPeople, limitS] = [process.argv[2], ...process.argv.slice(3).map(Number)];
const LOOK_MS = 5000;
const agent = new http.Agent({ keepAlive: true });
const sessions = {};
for (let n = 0; n < rooms; n += 1) {
  const sessionId = `2_MX40NjE5OTQxMn5-${String(n).padStart(5, '0')}`;
  sessions[`room-${n}`] = { sessionId, connections: [] };
  sessions[sessionId] = `room-${n}`;
}

function forceDisconnect(sessionId, connectionId) {
  const url = `${platform}/v2/project/46199412/session/${sessionId}/connection/${connectionId}`;
  const request = http.request(url, { method: 'DELETE', agent }, (answer) => answer.resume());
  request.on('error', (error) => console.error('[forceDisconnect]', error));
  request.end();
  console.log('[forceDisconnect]', sessionId, connectionId);
}

function look(sessionId, session) {
  console.log('Session Interval Started: ', session.connections);
  session.connections.sort((one, other) => other.timestamp - one.timestamp);
  const latest = session.connections[0];
  if (latest && Date.now() - latest.timestamp > limitS * 1000) {
    session.connections.forEach((one) => forceDisconnect(sessionId, one.connection.id));
    clearInterval(session.interval);
  }
}

function created(roomName, session, sessionId, connection, timestamp) {
  console.log('[handleConnectionCreated] - 1', roomName, session, timestamp, connection);
  session.connections = [...session.connections, { connection, timestamp }];
  if (limitS > 0 && session.connections.length > 1) {
    session.interval = setInterval(() => look(sessionId, session), LOOK_MS);
  }
  if (session.connections.length > mostPeople) {
    forceDisconnect(sessionId, connection.id);
  }
}

function destroyed(roomName, session, connection, timestamp) {
  console.log('[handleConnectionDestroyed]', roomName, session, timestamp, connection);
  const index = session.connections.findIndex((one) => one.connection.id === connection.id);
  if (index >= 0) {
    session.connections.splice(index, 1);
  }
}

const app = express();
app.use(bodyParser.json());
app.post('/webhooks/clinic', (req, res) => {
  const { sessionId, event, timestamp, connection } = req.body;
  const roomName = sessions[sessionId];
  if (event === 'connectionCreated') {
    created(roomName, sessions[roomName], sessionId, connection, timestamp);
  } else if (event === 'connectionDestroyed') {
    destroyed(roomName, sessions[roomName], connection, timestamp);
  }
  console.log('session-monitoring', sessions);
  res.status(200).send();
});
const server = app.listen(0, '127.0.0.1', () => {
  fs.writeSync(3, JSON.stringify({ ready: true, url: `http://127.0.0.1:${server.address().port}` }) + '\n');
});
server.keepAliveTimeout = 60000;
