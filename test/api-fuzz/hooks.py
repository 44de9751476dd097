"""Keeps the run meaningful: gives generated requests what they need of the data at hand, and counts what came of them."""

import atexit
import collections
import copy
import itertools
import json
import os
import re
import time

import requests
import schemathesis

STAGE = json.loads(os.environ["TABLEHOOK_FUZZ_STAGE"])
COUNTS_FILE = os.environ["TABLEHOOK_FUZZ_COUNTS"]

api = requests.Session()
api.headers["Authorization"] = "Bearer " + os.environ["TABLEHOOK_API_KEY"]
counts = collections.defaultdict(collections.Counter)
turn = itertools.count()


def call(method, path, body=None):
    response = api.request(method, STAGE["url"] + path, json=body, timeout=30)
    response.raise_for_status()
    return response.json() if response.content else None


def new_table():
    return call("POST", "/v1/tables", {"name": "Passing", "fields": [{"name": "Title", "type": "text"}]})


def new_record(table_id):
    return call("POST", f"/v1/tables/{table_id}/records", {"values": {}})


def new_webhook(url=STAGE["receiver"]):
    """On a table of its own: a table may have 500."""
    body = {"name": "Passing", "url": url, "events": ["record.*"], "retry": {"initialMs": 3_600_000}}
    return call("POST", f"/v1/tables/{new_table()['id']}/webhooks", body)


def open_delivery():
    """One whose endpoint fails, on a webhook of its own: it is retried for as long as nobody cancels it."""
    change_id = new_record(new_webhook(STAGE["failing"])["tableId"])["changeId"]
    for _ in range(200):
        deliveries = call("GET", f"/v1/changes/{change_id}")["deliveries"]
        if deliveries and deliveries[0]["state"] == "retrying":
            return deliveries[0]["id"]
        time.sleep(0.05)
    raise RuntimeError(f"the change {change_id} has no delivery that is retried")


def slow_replay():
    body = {"webhookId": STAGE["webhookId"], "filter": {}, "ratePerSecond": 0.01}
    return call("POST", "/v1/replays", body)["id"]


# What an operation uses up, it is given anew: nothing the other operations need is ever deleted or changed.
PASSING = {
    "updateTable": lambda: {"tableId": new_table()["id"]},
    "removeTable": lambda: {"tableId": new_table()["id"]},
    "expungeTable": lambda: {"tableId": new_table()["id"]},
    "removeRecord": lambda: {"recordId": new_record(STAGE["tableId"])["id"]},
    "expungeRecord": lambda: {"recordId": new_record(STAGE["tableId"])["id"]},
    "updateWebhook": lambda: {"webhookId": new_webhook()["id"]},
    "pauseWebhook": lambda: {"webhookId": new_webhook()["id"]},
    "removeWebhook": lambda: {"webhookId": new_webhook()["id"]},
    "rotateSecret": lambda: {"webhookId": new_webhook()["id"]},
    "testWebhook": lambda: {"webhookId": new_webhook()["id"]},
    "retryDelivery": lambda: {"deliveryId": open_delivery()},
    "cancelDelivery": lambda: {"deliveryId": open_delivery()},
    "expungeDelivery": lambda: {"deliveryId": open_delivery()},
    "cancelReplay": lambda: {"replayId": slow_replay()},
    "removeApiKey": lambda: {"keyId": call("POST", "/v1/api-keys", {"name": "Passing", "scopes": ["admin"]})["id"]},
}


def is_positive(case, location):
    """Whether what a request has there was not made to be refused. What is not generated is not told of."""
    components = case.meta.components if case.meta else {}
    return all(info.mode.value == "positive" for place, info in components.items() if place.value == location)


@schemathesis.hook
def filter_case(context, case):
    """An unknown header is no violation: a server ignores it (RFC 9110, 5.1), and every proxy adds some."""
    return "x-schemathesis-unknown-property" not in (case.headers or {})


@schemathesis.hook
def before_call(context, case, kwargs):
    operation = case.operation.definition.raw["operationId"]
    case.path_parameters = fit_path(operation, case)
    if is_positive(case, "query"):
        case.query = fit_query(case.query)
    if is_positive(case, "header"):
        case.headers = fit_headers(case.headers)
    if is_positive(case, "body") and isinstance(case.body, dict):
        # Bodies made of one example share their parts.
        case.body = copy.deepcopy(case.body)
        fit_body(operation, case)


def fit_path(operation, case):
    """Ids that lead somewhere. Chains of calls bring their own; of all others, one in five leads nowhere."""
    given = case.path_parameters or {}
    chained = case.meta is not None and case.meta.phase.name.value == "stateful"
    # Ids found in answers are used again: those that all lean on must not be used up.
    precious = operation in PASSING and any(value in STAGE.values() for value in given.values())
    if not precious and (not is_positive(case, "path") or chained or next(turn) % 5 == 0):
        return case.path_parameters
    ids = {**STAGE, **PASSING.get(operation, dict)()}
    return {name: ids.get(name, value) for name, value in given.items()}


def fit_query(query):
    """A cursor is one that was handed out; that it was, no schema can say."""
    return {name: STAGE["cursor"] if name in ("cursor", "after") else value for name, value in (query or {}).items()}


def fit_headers(headers):
    """A key for each request, as clients should; and the quotes that Schemathesis takes from a version when it reads it as JSON."""
    fitted = dict(headers or {})
    if "Idempotency-Key" in fitted:
        fitted["Idempotency-Key"] = f"{next(turn)}-{fitted['Idempotency-Key']}"[:255]
    if re.fullmatch(r"\d{1,15}", str(fitted.get("If-Match", ""))):
        fitted["If-Match"] = "*" if next(turn) % 2 else f'"{fitted["If-Match"]}"'
    return fitted


def fit_body(operation, case):
    """What is told in words only: which fields a table has, what an endpoint may be, and how parts of a body go together."""
    body = case.body
    # The key of the one field that takes anything; other tables than ours are sent no values.
    key = STAGE["anyFieldId"] if (case.query or {}).get("keys") == "id" else "Any"
    if (case.path_parameters or {}).get("tableId") != STAGE["tableId"]:
        key = None
    if operation in ("createTable", "updateTable"):
        fit_fields(body.get("fields"))
    if operation == "createReplay":
        body["webhookId"] = STAGE["webhookId"]
        if "filter" in body and "backfill" in body:
            del body["backfill"]
        elif "filter" not in body and "backfill" not in body:
            body["filter"] = {}
    if operation in ("createWebhook", "updateWebhook", "previewWebhook"):
        fit_webhook(operation, body)
    if operation == "testWebhook":
        body.pop("recordId", None)
    if operation == "createApiKey" and body.get("tables"):
        body["tables"] = [STAGE["tableId"]]
    if operation in ("createRecord", "updateRecord"):
        fit_values(body, key)
    if operation == "batchRecords":
        fit_operations(body, key)
    if operation == "reportChanges":
        for number, change in enumerate(body["changes"]):
            change["changeKey"] = f"{number}-{change['changeKey']}"[:200]
            fit_values(change, key)


def fit_values(holder, key):
    """Values of fields there are. What was generated is the value of the one field that takes anything."""
    for name in ("values", "record", "previous"):
        if name in holder:
            holder[name] = {} if key is None else {key: with_plain_names(holder[name])}


def with_plain_names(value):
    """A name holds no NUL and does not begin with $: BSON has neither."""
    if isinstance(value, list):
        return [with_plain_names(item) for item in value]
    if isinstance(value, dict):
        return {name.replace("\0", "").lstrip("$"): with_plain_names(item) for name, item in value.items()}
    return value


def fit_operations(body, key):
    """At most one operation per record, and two records that are there."""
    records = iter(STAGE["recordIds"])
    operations = []
    for operation in body["operations"]:
        if "recordId" in operation:
            record_id = next(records, None)
            if record_id is None:
                continue
            operation["recordId"] = record_id
            operation["op"] = "update"
            operation.setdefault("values", {})
            operation.pop("ifVersion", None)
        fit_values(operation, key)
        operations.append(operation)
    body["operations"] = operations


def fit_fields(fields):
    """Fields of distinct names; options for the types that have them, and distinct ones."""
    for number, field in enumerate(fields or []):
        field.pop("id", None)
        field["name"] = f"{number}-{field['name']}"[:100]
        if field["type"] in ("select", "multiSelect"):
            field["options"] = list(dict.fromkeys(field.get("options") or ["one"]))
        else:
            field.pop("options", None)


def fit_webhook(operation, body):
    """An endpoint of our own, a filter of fields there are, and policies whose parts go together."""
    if "url" in body:
        body["url"] = STAGE["receiver"]
    if body.get("watchFields"):
        body["watchFields"] = ["Title"]
    if body.get("ignoreSources"):
        body["ignoreSources"] = ["ingest", STAGE["keyId"]]
    if body.get("condition"):
        body["condition"]["filter"] = {"Status": "completed"}
    coalesce = (body.get("delivery") or {}).get("coalesce")
    if coalesce:
        coalesce["waitMs"], coalesce["maxWaitMs"] = sorted([coalesce["waitMs"], coalesce["maxWaitMs"]])
    payload = body.get("payload")
    if payload is not None:
        payload.pop("template", None)
        if payload.get("fields"):
            payload["fields"] = ["Title"]
        if payload.get("format") == "template":
            payload["template"] = '{"id": {{ event.id | json }}}'
        elif "format" in payload and operation == "updateWebhook":
            # The one that is stored goes with its format.
            payload["template"] = None
    for number, header in enumerate(body.get("headers") or []):
        header["name"] = f"x-{number}-{header['name']}"[:128]
        if header.get("value") is None:
            header["value"] = ""


@schemathesis.hook
def after_call(context, case, response):
    counts[case.operation.definition.raw["operationId"]][response.status_code] += 1


@atexit.register
def write_counts():
    with open(COUNTS_FILE, "w") as file:
        json.dump(counts, file)
