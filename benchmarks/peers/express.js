// The least that takes a webhook: Express and body-parser; kept in memory, answered at once.
'use strict';
const fs = require('fs');
const express = require('express');
const bodyParser = require('body-parser');

const kept = [];
const app = express();
app.use(bodyParser.json());
app.post('/webhooks/clinic', (req, res) => {
  kept.push(req.body);
  res.status(200).send();
});
const server = app.listen(0, '127.0.0.1', () => {
  fs.writeSync(3, JSON.stringify({ ready: true, url: `http://127.0.0.1:${server.address().port}` }) + '\n');
});
server.keepAliveTimeout = 60000;
