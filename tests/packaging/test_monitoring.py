"""Dashboard, alert rules and documentation speak of the figures that a gateway has, with the labels that they have."""

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml  # type: ignore[import-untyped]
from prometheus_client.parser import text_string_to_metric_families

from moderator.domain.settings import RoomType
from moderator.providers.errors import Unavailable
from tests.fakes.builders import DAY, joined
from tests.fakes.gateway import GatewayInProcess, participant_path

ROOT = Path(__file__).parents[2]
DASHBOARD = ROOT / "packaging/grafana/moderator-gateway.json"
ALERTS = ROOT / "packaging/prometheus/moderator-alerts.yml"
SCRAPING = ROOT / "packaging/prometheus/prometheus.yml"
OPERATIONS = ROOT / "docs/operations.md"
SERVERS_OWN = {"job", "instance", "le"}
"""Labels that Prometheus adds, and that of a histogram's bounds."""
VISIT = RoomType(name="visit", duration_ms=60_000, starts="first_join", warn_ms=(30_000,), mode="enforce")
Figures = Mapping[str, set[str]]


@pytest.fixture
async def figures(tmp_path: Path) -> Figures:
    """The names of all samples, each with its labels as far as something happened; families by their name too."""
    async with GatewayInProcess(tmp_path, VISIT) as gateway:
        await gateway.tell(joined("c1", DAY))
        gateway.provider.errors = [Unavailable("not now")]
        await gateway.order("POST", f"{participant_path('c1')}/disconnect", {"reason": "conduct"})
        await gateway.tell(joined("c2", DAY + 1))
        await gateway.advance(65_000)
        text = (await gateway.http.get("/metrics")).text
    found: dict[str, set[str]] = {}
    for family in text_string_to_metric_families(text):
        found[f"{family.name}_total" if family.type == "counter" else family.name] = set()
        for sample in family.samples:
            found.setdefault(sample.name, set()).update(sample.labels)
    return found


def panels() -> list[dict[str, Any]]:
    return [panel for panel in json.loads(DASHBOARD.read_text("utf-8"))["panels"] if panel["type"] != "row"]


def alerts() -> list[dict[str, Any]]:
    return [rule for group in yaml.safe_load(ALERTS.read_text("utf-8"))["groups"] for rule in group["rules"]]


def queries() -> Iterator[str]:
    yield from (target["expr"] for panel in panels() for target in panel["targets"])
    yield from (rule["expr"] for rule in alerts())


async def test_every_query_is_about_figures_that_there_are(figures: Figures) -> None:
    for query in queries():
        names = set(re.findall(r"\b(?:moderator|process|python)_\w+", query))
        assert names or query.startswith("up{"), query
        assert names <= figures.keys(), query


async def test_every_label_is_one_that_the_figure_has(figures: Figures) -> None:
    for query in queries():
        for name, selected in re.findall(r"\b(\w+){([^}]*)}", query):
            labels = set(re.findall(r"(\w+)\s*[=!]", selected))
            assert labels <= figures.get(name, set()) | SERVERS_OWN, query
        names = re.findall(r"\b(?:moderator|process|python)_\w+", query)
        known = set().union(*(figures[name] for name in names), SERVERS_OWN)
        for grouped in re.findall(r"\bby \(([^)]*)\)", query):
            assert set(grouped.replace(" ", "").split(",")) <= known, query
        assert query.count("(") == query.count(")"), query


def test_the_dashboard_can_be_taken_in() -> None:
    board = json.loads(DASHBOARD.read_text("utf-8"))
    assert {one["name"] for one in board["templating"]["list"]} == {"datasource", "job"}
    ids = [panel["id"] for panel in board["panels"]]
    assert len(ids) == len(set(ids))
    places = {(x, y) for panel in board["panels"] for x, y in _cells(panel["gridPos"])}
    assert len(places) == sum(panel["gridPos"]["w"] * panel["gridPos"]["h"] for panel in board["panels"])
    for panel in panels():
        assert panel["title"]
        assert len({target["refId"] for target in panel["targets"]}) == len(panel["targets"])


def _cells(place: Mapping[str, int]) -> Iterator[tuple[int, int]]:
    assert place["x"] + place["w"] <= 24
    for x in range(place["x"], place["x"] + place["w"]):
        yield from ((x, y) for y in range(place["y"], place["y"] + place["h"]))


def test_every_alert_says_what_it_means() -> None:
    assert len(alerts()) > 5
    for rule in alerts():
        assert rule["alert"].startswith("Moderator")
        assert rule["labels"]["severity"] in {"critical", "warning", "info"}
        assert rule["annotations"]["summary"]
    scraping = yaml.safe_load(SCRAPING.read_text("utf-8"))
    assert scraping["rule_files"] == [ALERTS.name]
    assert [job["job_name"] for job in scraping["scrape_configs"]] == ["moderator"]


async def test_every_figure_of_ours_is_documented_and_every_alert(figures: Figures) -> None:
    text = OPERATIONS.read_text("utf-8")
    documented = set(re.findall(r"`(moderator_\w+)`", text))
    ours = {re.sub("_(bucket|count|sum)$", "", name) for name in figures if name.startswith("moderator_")}
    assert documented == ours
    assert {rule["alert"] for rule in alerts()} <= set(re.findall(r"`(\w+)`", text))
