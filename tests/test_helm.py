"""The Helm chart runs what the launcher runs; dashboard and alerts ask for figures that
there are.

What needs Helm's own engine runs where it is installed: `pip install
helm-python-sdk==0.2.2` (244 MB, so it is in no lock).
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from prometheus_client import CollectorRegistry, generate_latest

from services.gateway.context.recall_figures import RecallFigures
from services.http.metrics import Metrics
from services.launcher.programs import gateway_command, status_command, worker_command
from services.status.job_figures import JobFigures
from services.status.model_figures import ModelFigures
from services.status.sweeper import Sweeper
from services.status.webhook_dispatcher import WebhookDispatcher
from shared.settings import Settings
from shared.settings.variables import variables
from tests.fakes.webhooks import FakeWebhooks
from tests.test_deploy import NOT_OURS, SERVICES
from tests.unit.status.status_bench import StatusBench

CHART = Path(__file__).parents[1] / "deploy/helm/souvenir"
ALERTS = CHART / "files/alerts.yaml"
DASHBOARD = CHART / "files/dashboard.json"
COMMANDS = {
    "gateway": gateway_command("0.0.0.0", 8000),
    "status": status_command("0.0.0.0", 8001),
    "worker-text": worker_command("text"),
    "worker-files": worker_command("files"),
}
KEY = {"secret": {"values": {"SOUVENIR_API_KEY": "a-key-for-the-test-of-the-chart"}}}
ALL_ON: dict[str, Any] = {
    **KEY,
    "env": {"SOUVENIR_TIMEZONE": "Europe/Lisbon", "SOUVENIR_MAX_WAITING": 1000},
    "image": {"registry": "registry.example.com/souvenir/"},
    "imagePullSecrets": [{"name": "pull"}],
    "workers": {
        "text": {"autoscaling": {"enabled": True}},
        "files": {"autoscaling": {"enabled": True}},
    },
    "ingress": {"enabled": True, "className": "nginx", "tlsSecret": "tls"},
    "networkPolicy": {"gatewayFrom": [{"podSelector": {}}]},
    "serviceMonitor": {"enabled": True},
    "prometheusRule": {"enabled": True},
    "grafanaDashboard": {"enabled": True},
    "nodeSelector": {"disk": "fast"},
    "podAnnotations": {"team": "memory"},
}


def expressions() -> dict[str, str]:
    """Every query of the dashboard and the alert rules, by where it stands."""
    rules = yaml.safe_load(ALERTS.read_text())["groups"][0]["rules"]
    found = {rule["alert"]: rule["expr"] for rule in rules}
    for panel in json.loads(DASHBOARD.read_text())["panels"]:
        for target in panel.get("targets", ()):
            found[f"{panel['title']} {target['refId']}"] = target["expr"]
    return found


def figures() -> set[str]:
    """The names of all samples that gateway and status service show."""
    bench, metrics = StatusBench(), Metrics("any")
    registry: CollectorRegistry = metrics.registry
    RecallFigures(registry)
    Sweeper(bench.ports, 1, 1, registry)
    JobFigures(bench.tallies, bench.queue, registry)
    ModelFigures(bench.ports.model_usage, registry)
    WebhookDispatcher(bench.ports, FakeWebhooks(), registry=registry)
    names = set()
    text = generate_latest(registry).decode()
    for name, kind in re.findall(r"^# TYPE (\S+) (\S+)$", text, re.M):
        ends = ("_bucket", "_sum", "_count") if kind == "histogram" else ("",)
        names |= {name + end for end in ends}
    return names


@pytest.mark.parametrize("place", sorted(expressions()))
def test_a_query_asks_for_figures_that_there_are(place: str) -> None:
    asked = set(re.findall(r"\b(?:souvenir|process)_\w+", expressions()[place]))
    assert asked and asked <= figures()


def test_an_alert_says_what_to_do() -> None:
    for rule in yaml.safe_load(ALERTS.read_text())["groups"][0]["rules"]:
        assert set(rule["annotations"]) == {"summary", "action"}
        assert rule["labels"]["severity"] in ("page", "ticket")


def test_panels_lie_side_by_side() -> None:
    taken = set()
    for panel in json.loads(DASHBOARD.read_text())["panels"]:
        place = panel["gridPos"]
        cells = {
            (x, y)
            for x in range(place["x"], place["x"] + place["w"])
            for y in range(place["y"], place["y"] + place["h"])
        }
        assert not cells & taken and place["x"] + place["w"] <= 24, panel["title"]
        taken |= cells


def test_every_value_is_used_and_every_used_one_has_a_default() -> None:
    values = yaml.safe_load((CHART / "values.yaml").read_text())
    text = "".join(path.read_text() for path in (CHART / "templates").iterdir())
    used = set(re.findall(r"(?:\$?\.(?:root\.)?Values|\$values)\.(\w+)", text))
    # gateway and status are reached by `index`
    assert used | {"gateway", "status"} == set(values)


@pytest.fixture(scope="module")
def helm() -> Any:
    return pytest.importorskip("helm_python")


def rendered(helm: Any, values: dict[str, Any]) -> list[dict[str, Any]]:
    with helm.Chart.load(str(CHART)) as chart:
        chart.validate_schema(chart.merge_values(values))
        files = chart.render(values, name="demo", namespace="prod")
    return [
        item
        for name, text in files.items()
        if name.endswith(".yaml")
        for item in yaml.safe_load_all(text)
        if item
    ]


def of_kind(items: list[dict[str, Any]], kind: str) -> dict[str, dict[str, Any]]:
    """By component."""
    return {
        item["metadata"]["labels"]["app.kubernetes.io/component"]: item
        for item in items
        if item["kind"] == kind
    }


def test_helm_finds_no_fault(helm: Any) -> None:
    assert helm.lint(str(CHART), values=KEY)["errors"] == []


@pytest.mark.parametrize("values", [KEY, ALL_ON], ids=["defaults", "all on"])
def test_the_chart_runs_what_the_launcher_runs(
    helm: Any, values: dict[str, Any]
) -> None:
    items = rendered(helm, values)
    names = [(item["kind"], item["metadata"]["name"]) for item in items]
    assert len(set(names)) == len(names)
    deployments = of_kind(items, "Deployment")
    assert set(deployments) == set(COMMANDS)
    environment = of_kind(items, "ConfigMap")["config"]["data"]
    secret = of_kind(items, "Secret")["secret"]["stringData"]
    settings = {name for name, _, _ in variables(Settings())} | NOT_OURS
    assert {*environment, *secret} <= settings
    theirs = set(SERVICES["gateway"]["environment"]) - {"SOUVENIR_API_KEY"}
    assert theirs <= set(environment), "as compose gives them"
    for component, deployment in deployments.items():
        spec = deployment["spec"]["template"]["spec"]
        [container] = spec["containers"]
        assert container["command"] == ["python", *COMMANDS[component]]
        assert container["livenessProbe"] and container["resources"]["limits"]
        assert container["securityContext"]["readOnlyRootFilesystem"]
        assert container["securityContext"]["capabilities"] == {"drop": ["ALL"]}
        assert spec["securityContext"]["runAsNonRoot"]
        labels = deployment["spec"]["template"]["metadata"]["labels"]
        assert deployment["spec"]["selector"]["matchLabels"].items() <= labels.items()
    Settings.from_env(environment | secret)
    for queue in ("text", "files"):
        spec = deployments[f"worker-{queue}"]["spec"]["template"]["spec"]
        probe = spec["containers"][0]["livenessProbe"]["exec"]["command"]
        assert probe == SERVICES[f"worker-{queue}"]["healthcheck"]["test"][1:]


def test_a_changed_password_reaches_the_pods_that_have_it(helm: Any) -> None:
    """An environment is read once: only a pod that differs is started anew."""

    def pods(values: dict[str, Any]) -> list[dict[str, Any]]:
        deployments = of_kind(rendered(helm, values), "Deployment")
        return [deployments[name]["spec"]["template"] for name in COMMANDS]

    other = {"secret": {"values": {"SOUVENIR_API_KEY": "another-key-of-the-chart"}}}
    changed = zip(pods(KEY), pods(other), strict=True)
    assert all(before != after for before, after in changed)
    assert pods(KEY) == pods(KEY)
    [annotations] = {
        tuple(pod["metadata"]["annotations"])
        for pod in pods({"secret": {"existing": "mine"}})
    }
    assert "checksum/secret" not in annotations, "its content is not known here"


def test_addresses_lead_to_services(helm: Any) -> None:
    items = rendered(helm, ALL_ON)
    services = of_kind(items, "Service")
    address = of_kind(items, "ConfigMap")["config"]["data"]["SOUVENIR_STATUS_URL"]
    status = services["status"]
    [port] = status["spec"]["ports"]
    assert address == f"http://{status['metadata']['name']}:{port['port']}"
    backend = of_kind(items, "Ingress")["gateway"]["spec"]["rules"][0]["http"]["paths"]
    name = services["gateway"]["metadata"]["name"]
    assert backend[0]["backend"]["service"]["name"] == name
    policies = of_kind(items, "NetworkPolicy")
    assert set(policies) == set(COMMANDS)
    assert "ingress" not in policies["worker-text"]["spec"], "nobody reaches a worker"


def test_workers_are_scaled_by_what_waits(helm: Any) -> None:
    items = rendered(helm, ALL_ON)
    scaled = of_kind(items, "ScaledObject")
    assert set(scaled) == {"worker-text", "worker-files"}
    for component, item in scaled.items():
        target = item["spec"]["scaleTargetRef"]["name"]
        deployment = of_kind(items, "Deployment")[component]
        assert target == deployment["metadata"]["name"]
        assert "replicas" not in deployment["spec"]
        [trigger] = item["spec"]["triggers"]
        queue = component.removeprefix("worker-")
        assert f'queue="{queue}"' in trigger["metadata"]["query"]
    rules = of_kind(items, "PrometheusRule")["monitoring"]["spec"]
    assert rules == yaml.safe_load(ALERTS.read_text())
    boards = of_kind(items, "ConfigMap")["monitoring"]["data"]
    assert json.loads(boards["souvenir.json"]) == json.loads(DASHBOARD.read_text())


def test_without_a_key_nothing_is_rendered(helm: Any) -> None:
    with pytest.raises(helm.HelmError, match="choose a key"):
        rendered(helm, {})
    existing = rendered(helm, {"secret": {"existing": "mine"}})
    assert not of_kind(existing, "Secret")


@pytest.mark.parametrize(
    "values",
    [
        {"redisUrl": "localhost"},
        {"workers": {"txt": {"replicas": 1}}},
        {"gateway": {"replicas": -1}},
    ],
)
def test_a_value_that_cannot_be_is_refused(helm: Any, values: dict[str, Any]) -> None:
    with pytest.raises(helm.HelmError):
        rendered(helm, KEY | values)
