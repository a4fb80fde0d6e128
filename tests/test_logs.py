"""Logs: what cannot be written stops nobody."""

import subprocess
import sys


def test_a_log_that_nobody_takes_any_more_stops_nothing() -> None:
    program = (
        "import structlog, sys\n"
        "from bot import logs\n"
        "logs.set_up('INFO')\n"
        "for number in range(1000): structlog.get_logger().info('line', number=number)\n"
        "print('done')\n"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", program], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert process.stderr is not None and process.stdout is not None
    process.stderr.close()
    assert process.stdout.read() == "done\n"
    process.stdout.close()
    process.wait()
