"""What stands in tools/deploy agrees with the command, with the service and with itself."""

import json
import re
import shlex
import shutil
import signal
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from conftest import ROOT
from cosigning.parties import end, start
from deploy.conftest import DEPLOY
from serving import free_port
from typer.main import get_command

from api import app as api_app
from api import cli as api_cli
from api.routes import operation
from ledger import settings
from ledger.cli.main import app

UNITS = (
    "pinyuan.service",
    "pinyuan-signer.service",
    "pinyuan-signer.socket",
    "pinyuan-backup.service",
    "pinyuan-backup.timer",
)
CONTAINERFILE = (DEPLOY / "Containerfile").read_text(encoding="utf-8")
README = (DEPLOY / "README.md").read_text(encoding="utf-8")
SETTINGS = set(re.findall(r"PINYUAN_[A-Z_]+", settings.__doc__))


class Unit(dict):
    """A unit file: section and name to the values given, in order."""

    def __init__(self, name: str) -> None:
        section = ""
        for line in (DEPLOY / name).read_text(encoding="utf-8").splitlines():
            if line.startswith("["):
                section = line.strip("[]")
            elif line and not line.startswith("#"):
                key, _, value = line.partition("=")
                self.setdefault((section, key), []).append(value)

    def one(self, section: str, key: str) -> str:
        (value,) = self[section, key]
        return value

    @property
    def command(self) -> list[str]:
        return shlex.split(self["Service", "ExecStart"][-1])


def option_values(words: list[str]) -> dict[str, str]:
    """Check that a call of ``pinyuan`` is one that it understands; return its options."""
    group, at = get_command(app), 0
    command = group
    while getattr(command, "commands", None) and at < len(words):
        assert words[at] in command.commands, words
        command, at = command.commands[words[at]], at + 1
    options = {name: item for item in command.params for name in item.opts}
    found, given = {}, iter(words[at:])
    for word in given:
        if not word.startswith("-"):
            continue
        assert word in options, f"{word} is no option of {' '.join(words[:at])}"
        found[word] = "" if getattr(options[word], "is_flag", False) else next(given)
    required = [
        item for item in command.params if item.required and item.param_type_name == "option"
    ]
    for item in required:
        assert set(item.opts) & found.keys(), f"{item.opts[0]} is missing: {words}"
    return found


@pytest.mark.parametrize(
    "name", ["pinyuan.service", "pinyuan-signer.service", "pinyuan-postgresql.conf"]
)
def test_a_unit_starts_a_command_that_is_there_with_files_it_is_handed(name: str):
    unit = Unit(name)
    program, *words = unit.command
    assert program == "/opt/pinyuan/bin/pinyuan"
    values = option_values(words)
    credentials = {item.split(":")[0] for item in unit["Service", "LoadCredential"]}
    named = [*values.values(), *unit.get(("Service", "Environment"), ())]
    used = {found for text in named for found in re.findall(r"%d/(\S+)", text)}
    assert used == credentials
    for variable in unit["Service", "Environment"]:
        assert variable.partition("=")[0] in SETTINGS
        assert not re.match(r"PINYUAN_(DB|PASSPHRASE)=", variable), "a secret in the environment"


def test_the_service_is_given_the_time_it_may_take_to_stop():
    unit = Unit("pinyuan.service")
    # Requests; witnesses' threads; the writer's queue and its end; the indexer's end.
    longest_s = api_cli.DRAIN_S + api_app.END_S + api_app.DRAIN_S + 5 + 5
    assert longest_s < int(unit.one("Service", "TimeoutStopSec")) <= longest_s + 5
    assert unit.one("Service", "KillMode") == "mixed"
    assert f"--stop-timeout {unit.one('Service', 'TimeoutStopSec')} " in README


HARDENED = ["pinyuan.service", "pinyuan-signer.service", "pinyuan-backup.service"]


def test_the_backup_is_taken_by_a_command_that_is_there_and_old_ones_go_behind_it():
    unit = Unit("pinyuan-backup.service")
    shell, option, line = unit.command
    assert (shell, option) == ("/bin/sh", "-c")
    program, *words = shlex.split(line.replace("$$(date -u +%%Y-%%m-%%dT%%H%%M%%SZ)", "NAME"))[1:]
    assert program == "/opt/pinyuan/bin/pinyuan"
    option_values(words)
    place = unit.one("Service", "ReadWritePaths")
    assert words == ["backup", f"{place}/NAME"]
    assert unit.one("Service", "ExecStartPost").startswith(f"/usr/bin/find {place} -mindepth 1 ")
    assert unit.one("Service", "User") == Unit("pinyuan.service").one("Service", "User")
    assert f"-m 700 {place}\n" in README


def test_the_shell_of_the_backup_makes_a_name_that_sorts(tmp_path: Path):
    line = Unit("pinyuan-backup.service").command[2]
    asked = (
        line.replace("$$", "$").replace("%%", "%").replace("/var/backups/pinyuan", str(tmp_path))
    )
    asked = asked.replace("exec /opt/pinyuan/bin/pinyuan", "exec echo")
    done = subprocess.run(["/bin/sh", "-c", asked], capture_output=True, text=True, check=True)
    assert re.fullmatch(rf"backup {tmp_path}/\d{{4}}-\d\d-\d\dT\d{{6}}Z\n", done.stdout)


@pytest.mark.parametrize("name", HARDENED)
def test_a_unit_is_hardened(name: str):
    unit = Unit(name)
    for key, value in (
        ("NoNewPrivileges", "yes"),
        ("ProtectSystem", "strict"),
        ("CapabilityBoundingSet", ""),
        ("StateDirectoryMode", "0700"),
        ("MemoryDenyWriteExecute", "yes"),
    ):
        assert unit.one("Service", key) == value
    if unit.one("Service", "Type") != "oneshot":
        assert unit.one("Service", "Restart") == "always"
    assert unit.one("Service", "User") != "root"


def test_the_signer_s_socket_is_the_ledger_s_alone():
    ledger, signer, listens = map(
        Unit, ("pinyuan.service", "pinyuan-signer.service", "pinyuan-signer.socket")
    )
    values = option_values(signer.command[1:])
    assert values["--socket"] == listens.one("Socket", "ListenStream") == "%t/pinyuan-signer.sock"
    assert values["--uid"] == listens.one("Socket", "SocketUser") == ledger.one("Service", "User")
    assert listens.one("Socket", "SocketMode") == "0600"
    assert ledger.one("Service", "User") != signer.one("Service", "User")
    state = signer.one("Service", "StateDirectory")
    assert values["--state"].startswith(f"%S/{state}/")


def systemd(*words: object) -> subprocess.CompletedProcess:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd-analyze is not installed")
    return subprocess.run(
        ["systemd-analyze", *map(str, words)],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def test_systemd_understands_the_units(tmp_path: Path):
    program = shutil.which("true")
    for name in UNITS:
        text = (DEPLOY / name).read_text(encoding="utf-8")
        (tmp_path / name).write_text(text.replace("/opt/pinyuan/bin/pinyuan", program))
    done = systemd("verify", *(tmp_path / name for name in UNITS))
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("name", HARDENED)
def test_systemd_finds_little_exposed(name: str):
    done = systemd("security", "--offline=true", "--threshold=15", DEPLOY / name)
    assert done.returncode == 0, done.stdout


# The container file


def instructions() -> list[tuple[str, str]]:
    joined = CONTAINERFILE.replace("\\\n", " ")
    lines = [line for line in joined.splitlines() if line and not line.startswith("#")]
    return [tuple(re.split(r"\s+", line.strip(), maxsplit=1)) for line in lines]


def test_the_image_copies_what_is_there_and_what_the_wheel_needs():
    copied = [
        word.rstrip("/")
        for verb, rest in instructions()
        if verb == "COPY" and "--from" not in rest
        for word in rest.split()[:-1]
    ]
    for name in copied:
        assert (ROOT / name).exists(), name
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    wheel = project["tool"]["hatch"]["build"]["targets"]["wheel"]
    needed = {*wheel["packages"], *wheel["force-include"], project["project"]["readme"]}
    needed |= {"pyproject.toml", "requirements.lock", *project["project"]["license-files"]}
    assert set(copied) == needed


def test_the_image_is_made_from_locked_artefacts_alone():
    runs = " ".join(rest for verb, rest in instructions() if verb == "RUN")
    for call in re.findall(r"pip (?:install|wheel) [^&]*", runs):
        assert "--require-hashes" in call or "--no-index" in call, call
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    needed = [
        *project["project"]["dependencies"],
        *project["project"]["optional-dependencies"]["server"],
    ]
    for item in [*needed, *project["build-system"]["requires"]]:
        name = re.match(r"[a-z0-9-]+", item).group()
        assert re.search(rf"^{name}(\[.*\])?==\S+.*\\\n +--hash=sha256:", lock, re.MULTILINE), name


def test_the_image_runs_the_service_as_a_user_without_rights():
    last = CONTAINERFILE.rindex("FROM ")
    verbs = [verb for verb, _ in instructions()]
    assert verbs.count("FROM") == 2
    assert re.search(r"^USER pinyuan$", CONTAINERFILE[last:], re.MULTILINE)
    values = dict(instructions()[verbs.index("FROM", verbs.index("FROM") + 1) :])
    words = [word for verb in ("ENTRYPOINT", "CMD") for word in eval(values[verb])]  # noqa: S307 - ours
    assert words[0] == "pinyuan"
    found = option_values(words[1:])
    assert found["--host"] == "0.0.0.0"  # noqa: S104 - within the container
    port = found["--port"]
    assert values["EXPOSE"] == port
    asked = re.search(r"http://127\.0\.0\.1:(\d+)(/\S+)'", values["HEALTHCHECK"])
    assert asked.group(1) == port
    assert asked.group(2) in {route.path for route in operation.router.routes}
    variables = set(re.findall(r"PINYUAN_[A-Z_]+", CONTAINERFILE))
    assert variables <= SETTINGS
    assert not variables & {"PINYUAN_PASSPHRASE", "PINYUAN_DB"}, "a secret in the image"
    assert values["VOLUME"] == "/var/lib/pinyuan"


def test_the_check_passes_while_it_serves_and_fails_when_it_does_not(tmp_path: Path):
    asked = dict(instructions())["HEALTHCHECK"]
    program, *words = json.loads(asked[asked.index("[") :])
    assert program == "python"
    home, port = tmp_path / "ledger", free_port()
    words = [word.replace(":8080/", f":{port}/") for word in words]

    def check() -> int:
        return subprocess.run(
            [sys.executable, *words], capture_output=True, check=False, timeout=10
        ).returncode

    made = start("init", "--operator", "did:web:op.example", "--dir", home)
    assert made.wait(60) == 0, made.communicate()
    made.communicate()
    assert check() == 1
    process = start("serve", "--dir", home, "--port", port)
    assert json.loads(process.stderr.readline())["event"] == "serving"
    assert check() == 0
    process.send_signal(signal.SIGHUP)  # systemctl reload
    (home / "anchor").unlink()
    assert check() == 0, "alive, not ready"
    _, said = end(process, kill=False)
    assert process.returncode == 0, said
    assert check() == 1


# The README


def calls(line: str) -> list[str]:
    """Return what a line of the README asks of ``pinyuan``, empty where it asks something else."""
    found = re.search(
        r"^(?:PINYUAN_\S+ |timeout \d+ |podman run .* |/opt/pinyuan/bin/)*pinyuan (.*)$", line
    )
    return shlex.split(found.group(1)) if found else []


def test_every_command_of_the_readme_is_understood():
    blocks = re.findall(r"```console\n(.*?)```", README, re.DOTALL)
    found = [words for block in blocks for line in block.splitlines() if (words := calls(line))]
    for words in found:
        option_values(words)
    assert [words[0] for words in found] == ["db", "init", "key", "signer", "init", "init"]


def test_every_file_is_in_the_readme_and_the_other_way_round():
    there = {path.name for path in DEPLOY.iterdir()} - {"README.md"}
    named = set(
        re.findall(
            r"`([A-Za-z-]+(?:\.(?:service|socket|timer|conf|sql|yml))?)`", README.split("\n\n")[1]
        )
    )
    assert named == there
    for path in re.findall(r"tools/deploy/[\w.-]+", README):
        assert (ROOT / path).is_file(), path
    assert set(re.findall(r"PINYUAN_[A-Z_]+", README)) <= SETTINGS
