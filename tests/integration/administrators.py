"""Whom those who run a stack's servers let in there as administrators, where others are to use these servers."""

import time
from pathlib import Path

import bcrypt
import httpx
from confluent_kafka.admin import ScramCredentialInfo, ScramMechanism, UserScramCredentialUpsertion

from deploy.local.addresses import External
from deploy.local.kafka import ADMINISTRATOR
from deploy.local.stack import Stack

GUEST, PASSWORD = "guest", "a guest's"
SCRAM = ScramCredentialInfo(ScramMechanism.SCRAM_SHA_512, 4096)
DEADLINE_S = 60.0


def let_into_elasticsearch(stack: Stack, folder: Path) -> External:
    """Let somebody in who may make users, and wait until the server knows; the password lies in `folder` then."""
    password = folder / "password"
    password.write_text(PASSWORD)
    hashed = bcrypt.hashpw(PASSWORD.encode(), bcrypt.gensalt(4, prefix=b"2a")).decode()
    for name, line in (("users", f"{GUEST}:{hashed}\n"), ("users_roles", f"superuser:{GUEST}\n")):
        with (stack.home.root / "elasticsearch" / "config" / name).open("a", encoding="utf-8") as file:
            file.write(line)
    url = stack.addresses.elasticsearch_url
    deadline = time.monotonic() + DEADLINE_S
    while not httpx.get(f"{url}/_security/user", auth=(GUEST, PASSWORD), timeout=30).is_success:
        assert time.monotonic() < deadline
        time.sleep(0.2)  # the server looks at its files every five seconds
    return External(url, GUEST, str(password))


def let_into_kafka(stack: Stack) -> External:
    """Let the administrator in where clients are, too: as others have theirs, by SCRAM and under no name of a stack."""
    file = stack.secrets.file("kafka-stack")
    login = UserScramCredentialUpsertion(ADMINISTRATOR, SCRAM, file.read_text(encoding="utf-8").strip().encode())
    admin = stack.kafka_admin()  # what it was asked for is given up where nobody holds on to it
    for future in admin.alter_user_scram_credentials([login]).values():
        future.result(DEADLINE_S)
    return External(stack.addresses.kafka_bootstrap, ADMINISTRATOR, str(file))
