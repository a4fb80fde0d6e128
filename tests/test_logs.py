"""Logs: what they must not do to the service."""

import subprocess
import sys
from pathlib import Path

LOGS = """
import logging, structlog
from bot import logs
logs.set_up("INFO", "secret")
structlog.get_logger().info("service.ready")
logging.getLogger("library").warning("trouble")
print("still here", flush=True)
"""


def test_a_log_that_cannot_be_written_brings_nobody_down() -> None:
    with Path("/dev/full").open("w") as full:
        said = subprocess.run([sys.executable, "-c", LOGS], stdout=subprocess.PIPE, stderr=full, text=True, check=False)
    assert said.stdout == "still here\n"
