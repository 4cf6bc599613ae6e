from linernotes.usecases.pull_plan import ChosenDump, PullRequest, choose
from linernotes.usecases.tracking import SAVE_EVERY_BYTES, DownloadTally, take_up
from tests.fakes.pulling import World


def chosen(world: World) -> ChosenDump:
    world.publish("2026-03-01")
    return choose(PullRequest(), world.origin, today=world.clock.now.date())


def test_a_long_download_is_seen_to_move() -> None:
    world = World()
    tracked = take_up(chosen(world), world.tools, anew=False)
    tally = DownloadTally(world.progress, tracked)
    tally.finished_bytes = 1000
    before = len(world.ledger.dumps.saved)
    with tally.task("download", total=1 << 40, unit="bytes") as task:
        for _ in range(7):
            task.advance(SAVE_EVERY_BYTES // 2)
    saved = [dump.bytes_done for dump in world.ledger.dumps.saved[before:]]
    assert saved == [1000 + SAVE_EVERY_BYTES, 1000 + 2 * SAVE_EVERY_BYTES, 1000 + 3 * SAVE_EVERY_BYTES]
    assert (world.progress.tasks[0].done, world.progress.tasks[0].unit) == (7 * (SAVE_EVERY_BYTES // 2), "bytes")


def test_what_the_fetcher_says_is_passed_on() -> None:
    world = World()
    DownloadTally(world.progress, take_up(chosen(world), world.tools, anew=False)).say("waiting")
    assert world.progress.said == ["waiting"]


def test_taking_up_a_dump_again_keeps_its_row() -> None:
    world = World()
    first = take_up(chosen(world), world.tools, anew=False).dump
    again = take_up(chosen(world), world.tools, anew=False).dump
    assert (again.dump_id, len(world.ledger.dumps.find(source="discogs"))) == (first.dump_id, 1)
