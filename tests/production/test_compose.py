"""The compose file, read by a parser: nobody can start containers in a test, but its promises can be checked."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
SERVICES = COMPOSE["services"]
LONG_RUNNING = {"web", "worker", "scheduler", "postgres", "broker"}


def test_the_five_parts_of_production_are_there() -> None:
    assert set(SERVICES) == LONG_RUNNING | {"migrate"}


@pytest.mark.parametrize("name", sorted(LONG_RUNNING))
def test_every_long_running_service_has_a_health_check_and_comes_back(name: str) -> None:
    assert SERVICES[name]["healthcheck"]["test"]
    assert SERVICES[name]["restart"] == "unless-stopped"


@pytest.mark.parametrize("name", ["web", "worker", "scheduler"])
def test_nothing_starts_before_the_schema_is_there_and_the_stores_are_healthy(name: str) -> None:
    conditions = {service: rule["condition"] for service, rule in SERVICES[name]["depends_on"].items()}
    assert conditions == {
        "migrate": "service_completed_successfully",
        "postgres": "service_healthy",
        "broker": "service_healthy",
    }


def test_every_setting_it_passes_is_one_that_the_settings_file_reads() -> None:
    known = (ROOT / "cxalign" / "settings.py").read_text(encoding="utf-8")
    for name in SERVICES["web"]["environment"]:
        assert f'"{name}"' in known, f"settings.py does not read {name}"


def test_the_stores_keep_their_data_in_named_volumes() -> None:
    mounted = {mount.split(":")[0] for name in ("postgres", "broker", "web") for mount in SERVICES[name]["volumes"]}
    assert mounted == set(COMPOSE["volumes"])


def test_the_broker_writes_to_disk_and_the_database_is_not_reachable_from_outside() -> None:
    assert "--appendonly" in SERVICES["broker"]["command"]
    assert "ports" not in SERVICES["postgres"]
    assert all(port.startswith("127.0.0.1:") for port in SERVICES["web"]["ports"])


def test_no_password_is_written_in_the_file() -> None:
    text = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
    assert re.findall(r"PASSWORD: (?!\$\{POSTGRES_PASSWORD:\?)", text) == []


def test_management_commands_of_the_health_checks_exist() -> None:
    for name in ("web", "worker"):
        command = SERVICES[name]["healthcheck"]["test"][-1]
        assert (ROOT / "cxalign" / "management" / "commands" / f"{command}.py").exists()
