from moderator.quality.compression import Reports, apply


def test_only_changes_are_sent() -> None:
    reports: Reports = {}
    apply(reports, {"9": {"type": 1, "14": 1, "41": 32}, "11": {"type": 2, "80": 7}, "t": 1795226315478.1})
    apply(reports, {"9": {"14": 51}, "t": 1795226316478.0})
    assert reports == {
        "9": {"type": "inbound-rtp", "packetsReceived": 51, "bytesReceived": 32},
        "11": {"type": "outbound-rtp", "bytesSent": 7},
    }


def test_null_removes_and_may_come_again() -> None:
    reports: Reports = {"9": {"type": "inbound-rtp", "packetsReceived": 51}}
    apply(reports, {"9": None, "10": None})
    assert reports == {}
    apply(reports, {"9": {"14": 1}})
    assert reports == {"9": {"packetsReceived": 1}}


def test_objects_are_merged_and_lists_replaced() -> None:
    reports: Reports = {"12": {"96": {"none": 1, "cpu": 2}, "168": [1, 2]}}
    apply(reports, {"12": {"96": {"none": 3}, "168": [4]}})
    assert reports == {"12": {"96": {"none": 3, "cpu": 2}, "168": [4]}}


def test_numbers_that_are_not_known_stay_as_they_are() -> None:
    reports: Reports = {}
    apply(
        reports, {"1": {"999": 5, "type": 99}, "2": {"type": "compute-pressure"}, "3": "no object", "4": {"type": []}}
    )
    assert reports == {"1": {"999": 5, "type": 99}, "2": {"type": "compute-pressure"}, "4": {"type": []}}
