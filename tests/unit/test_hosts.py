"""Which host is asked, and which next."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from hypothesis import given, strategies as st

from cloudrec import Area
from cloudrec._call.hosts import CHOICE_LIFE, REST, Hosts
from cloudrec._call.outcomes import Outcome
from cloudrec._call.retry import Move

GONE = (Outcome.NO_NAME, Outcome.NO_CONNECTION, Outcome.LOST)
ANSWERS = tuple(outcome for outcome in Outcome if outcome not in GONE)


@pytest.mark.parametrize(
    ("area", "names"),
    [
        (Area.US, ["api-us-west-1.agora.io", "api-us-west-1.sd-rtn.com"]),
        (Area.EU, ["api-eu-west-1.agora.io", "api-eu-west-1.sd-rtn.com"]),
        (Area.AP, ["api-ap-southeast-1.agora.io", "api-ap-southeast-1.sd-rtn.com"]),
        (Area.CN, ["api-cn-east-1.sd-rtn.com", "api-cn-east-1.agora.io"]),
    ],
)
def test_areas(area: Area, names: list[str]) -> None:
    """The nearer domain of the primary region comes first; both are looked up."""
    hosts = Hosts.of_area(area)
    assert hosts.first(0.0).base_url == f"https://{names[0]}"
    assert hosts.names_to_ask(0.0) == names


@pytest.mark.parametrize(
    ("area", "other"),
    [(Area.US, "us-east-1"), (Area.EU, "eu-central-1"), (Area.AP, "ap-northeast-1"), (Area.CN, "cn-north-1")],
)
def test_moves(area: Area, other: str) -> None:
    """To the neighbour in the same domain, to the other domain in the same region, and back."""
    hosts = Hosts.of_area(area)
    home = hosts.first(0.0)
    neighbour, twin = hosts.after(home, Move.REGION), hosts.after(home, Move.DOMAIN)
    assert neighbour.name == f"api-{other}.{area.domains[0]}"
    assert twin.name == f"api-{area.prefixes[0].removeprefix('api-')}.{area.domains[1]}"
    assert hosts.after(home, Move.STAY) == home
    assert hosts.after(neighbour, Move.REGION) == hosts.after(twin, Move.DOMAIN) == home
    assert hosts.after(neighbour, Move.DOMAIN) == hosts.after(twin, Move.REGION)


def test_given_urls_stand_in_for_each_other_in_their_order() -> None:
    """With one domain, either move goes to the next host; with one host, it stays."""
    hosts = Hosts.of_urls(["http://a:1", "https://b", "http://c/x"])
    host, seen = hosts.first(0.0), []
    for move in (Move.REGION, Move.DOMAIN, Move.REGION):
        seen.append(host.name)
        host = hosts.after(host, move)
    assert seen == ["a:1", "b", "c"]
    assert host == hosts.first(0.0)
    assert hosts.names_to_ask(0.0) == []
    assert not hosts.is_undecided
    alone = Hosts.of_urls(["http://a"])
    assert {alone.after(alone.first(0.0), move).name for move in Move} == {"a"}


@pytest.mark.parametrize("outcome", GONE)
def test_a_host_that_failed_rests(outcome: Outcome) -> None:
    """It is not the first to be asked for a while; then it is again."""
    hosts = Hosts.of_urls(["http://a", "http://b"])
    hosts.note(hosts.first(0.0), outcome, 0.0)
    assert hosts.first(REST - 0.1).name == "b"
    assert hosts.first(REST).name == "a"


@pytest.mark.parametrize("outcome", ANSWERS)
def test_an_answer_of_any_kind_ends_the_rest(outcome: Outcome) -> None:
    """Who answers, however badly, is there."""
    hosts = Hosts.of_urls(["http://a", "http://b"])
    home = hosts.first(0.0)
    hosts.note(home, Outcome.LOST, 0.0)
    hosts.note(home, outcome, 1.0)
    assert hosts.first(1.0) == home


def test_when_all_rest_the_first_is_asked() -> None:
    """There is always somebody to ask."""
    hosts = Hosts.of_urls(["http://a", "http://b"])
    home = hosts.first(0.0)
    for host in (home, hosts.after(home, Move.REGION)):
        hosts.note(host, Outcome.LOST, 0.0)
    assert hosts.first(1.0) == home


def test_a_rest_of_one_domain_is_not_the_others() -> None:
    """Hosts rest one by one."""
    hosts = Hosts.of_area(Area.EU)
    hosts.note(hosts.first(0.0), Outcome.NO_NAME, 0.0)
    assert hosts.first(1.0).name == "api-eu-central-1.agora.io"
    hosts.choose(1)
    assert hosts.first(1.0).name == "api-eu-west-1.sd-rtn.com"


def test_the_choice_lives_half_a_minute() -> None:
    """Names are to be looked up at first and again after 30 s, each time by one caller."""
    hosts = Hosts.of_area(Area.US)
    assert hosts.is_undecided
    assert len(hosts.names_to_ask(100.0)) == 2
    assert hosts.names_to_ask(100.0) == []
    assert hosts.is_undecided, "asked, but not answered"
    hosts.choose(1)
    assert not hosts.is_undecided
    assert hosts.first(100.0).name == "api-us-west-1.sd-rtn.com"
    assert hosts.names_to_ask(100.0 + CHOICE_LIFE - 0.1) == []
    assert len(hosts.names_to_ask(100.0 + CHOICE_LIFE)) == 2
    assert hosts.first(131.0).name == "api-us-west-1.sd-rtn.com", "the old choice, until there is another"


def test_nobody_answered() -> None:
    """Then the choice stays what it was."""
    hosts = Hosts.of_area(Area.US)
    hosts.choose(None)
    assert not hosts.is_undecided
    assert hosts.first(0.0).name == "api-us-west-1.agora.io"
    hosts.choose(1)
    hosts.choose(None)
    assert hosts.first(0.0).name == "api-us-west-1.sd-rtn.com"


def test_a_clock_that_jumps() -> None:
    """Set back, the choice is old and no host rests for years; set forward, everything is over."""
    hosts = Hosts.of_area(Area.US)
    home = hosts.first(1e9)
    hosts.names_to_ask(1e9)
    hosts.note(home, Outcome.LOST, 1e9)
    assert hosts.first(1e9) != home
    assert len(hosts.names_to_ask(5.0)) == 2
    assert hosts.first(5.0) == home
    assert hosts.first(2e9) == home
    assert len(hosts.names_to_ask(2e9)) == 2


@given(
    st.lists(
        st.tuples(st.floats(-1e6, 1e6), st.sampled_from(Outcome), st.sampled_from(Move), st.sampled_from([None, 0, 1]))
    ),
    st.sampled_from(Area),
)
def test_always_a_host_of_the_area(steps: list[tuple[float, Outcome, Move, int | None]], area: Area) -> None:
    """Whatever happens at whatever time, the host is one of the area's four."""
    hosts = Hosts.of_area(area)
    names = {f"{prefix}.{domain}" for prefix in area.prefixes for domain in area.domains}
    for now, outcome, move, domain in steps:
        hosts.choose(domain)
        host = hosts.first(now)
        assert urlsplit(host.base_url).hostname in names
        hosts.note(host, outcome, now)
        assert urlsplit(hosts.after(host, move).base_url).hostname in names
