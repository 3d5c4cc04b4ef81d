"""Projects of any size, with specs of the shape that people write.

A domain has ten operations and ten models, about eight fields each. Ten domains make a service, which calls
some operations of the one before it.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

PER_DOMAIN = 10
DOMAINS_PER_SERVICE = 10

MODELS = """\
models:
  Order{n}:
    description: What a customer asked for, from the basket to the parcel.
    fields:
      id: {{type: int, readonly: true, description: Given by the database.}}
      number: {{type: string, max_length: 20, pattern: '^[A-Z]+-[0-9]+$', examples: [A-1]}}
      customer: {{type: string, min_length: 1, max_length: 200, description: The name on the bill.}}
      email: {{type: email, max_length: 254}}
      status: {{type: enum, values: [open, paid, sent, returned], default: open}}
      priority: {{type: int, ge: 0, le: 9, default: 5}}
      total: {{type: decimal, ge: 0, le: 1000000, multiple_of: 0.01}}
      lines: {{type: "list[OrderLine{n}]", min_items: 1, max_items: 500}}
      shipping: {{type: Address{n}}}
      notes: {{type: string, optional: true, max_length: 2000}}
      created_at: {{type: datetime, readonly: true}}
    variants:
      Create: {{}}
      Update: {{optional: all}}
      Read: {{}}

  OrderLine{n}:
    fields:
      product: {{type: uuid}}
      title: {{type: string, max_length: 200}}
      quantity: {{type: int, ge: 1, le: 1000, default: 1}}
      unit: {{type: enum, values: [piece, kilogram, litre], default: piece}}
      price: {{type: decimal, ge: 0, le: 100000}}
      tax: {{type: float, ge: 0, le: 1}}
      tags: {{type: "list[string]", default: [], max_items: 10}}
      gift: {{type: bool, default: false}}

  Address{n}:
    fields:
      name: {{type: string, min_length: 1, max_length: 200}}
      street: {{type: string, min_length: 1, max_length: 200}}
      number: {{type: string, max_length: 10}}
      city: {{type: string, min_length: 1, max_length: 100}}
      postcode: {{type: string, pattern: '^[0-9A-Z -]{{3,10}}$'}}
      country: {{type: string, min_length: 2, max_length: 2, default: DE}}
      phone: {{type: string, optional: true, max_length: 30}}
      latitude: {{type: float, ge: -90, le: 90, optional: true}}
      longitude: {{type: float, ge: -180, le: 180, optional: true}}

  Payment{n}:
    description: Money that came, or did not.
    fields:
      id: {{type: uuid, readonly: true}}
      order_id: {{type: int, ge: 1}}
      amount: {{type: decimal, gt: 0, le: 1000000}}
      currency: {{type: enum, values: [EUR, USD, GBP], default: EUR}}
      method: {{type: enum, values: [card, transfer, invoice]}}
      reference: {{type: string, max_length: 100, optional: true}}
      secret: {{type: string, writeonly: true, min_length: 8}}
      received_at: {{type: datetime, readonly: true}}
    variants:
      Create: {{}}
      Read: {{}}

  Invoice{n}:
    fields:
      id: {{type: int, readonly: true}}
      order_id: {{type: int, ge: 1}}
      number: {{type: string, min_length: 1, max_length: 30}}
      issued_on: {{type: date}}
      due_on: {{type: date, optional: true}}
      recipient: {{type: Address{n}}}
      lines: {{type: "list[OrderLine{n}]"}}
      paid: {{type: bool, default: false}}
    variants:
      Create: {{exclude: [paid]}}
      Read: {{}}

  Parcel{n}:
    fields:
      order_id: {{type: int, ge: 1}}
      carrier: {{type: enum, values: [dhl, ups, bike], default: dhl}}
      tracking: {{type: string, min_length: 4, max_length: 40}}
      weight: {{type: float, gt: 0, le: 100}}
      fragile: {{type: bool, default: false}}
      address: {{type: Address{n}}}
      moved_at: {{type: datetime}}
      history: {{type: "list[string]", default: []}}

  OrderRemoved{n}:
    fields:
      order_id: {{type: int}}

  Import{n}:
    fields:
      batch_id: {{type: uuid}}
      source: {{type: url, optional: true}}
      requested_by: {{type: string, max_length: 100}}
      orders: {{type: "list[Order{n}Create]", max_items: 1000}}
      dry_run: {{type: bool, default: false}}
      labels: {{type: "dict[string, string]", default: {{}}}}

  ImportResult{n}:
    fields:
      batch_id: {{type: uuid}}
      accepted: {{type: int, ge: 0, default: 0}}
      refused: {{type: int, ge: 0, default: 0}}
      reasons: {{type: "list[string]", default: []}}
      took: {{type: duration}}
      finished_at: {{type: datetime}}

  Statistics{n}:
    fields:
      day: {{type: date}}
      orders: {{type: int, ge: 0}}
      revenue: {{type: decimal, ge: 0}}
      by_status: {{type: "dict[string, int]"}}
      slowest: {{type: duration, optional: true}}
      best: {{type: "list[Order{n}Read]", max_items: 10}}
      returned: {{type: float, ge: 0, le: 1}}
      remark: {{type: json, optional: true}}
"""

EVENTS = """\
events:
  order{n}.created: {{message: Order{n}Read, key: id, description: A customer ordered.}}
  order{n}.updated: {{message: Order{n}Read, key: id}}
  order{n}.removed: {{message: OrderRemoved{n}, key: order_id}}
  order{n}.imported: {{message: ImportResult{n}}}
  order{n}.import_failed: {{message: OperationFailed}}
  import{n}.requested: {{message: Import{n}, external: true}}
  parcel{n}.moved: {{message: Parcel{n}, key: order_id, external: true, retention: 72h}}
"""

DOMAIN = """\
domain: orders{n}
config:
  rest: {{prefix: /orders{n}, tags: [orders]}}
operations:
  list_orders{n}:
    description: Lists orders, the newest first.
    output: list[Order{n}Read]
    params:
      - {{name: limit, type: int, default: 20, ge: 1, le: 100, description: How many at most.}}
      - {{name: offset, type: int, default: 0, ge: 0}}
      - {{name: status, type: enum, values: [open, paid, sent], required: false}}
      - {{name: since, type: datetime, required: false}}
    rest: {{method: GET, path: ""}}
  get_order{n}:
    output: Order{n}Read
    params: [{{name: order_id, type: int, ge: 1}}]
    rest: {{method: GET, path: "/{{order_id}}"}}
  create_order{n}:
    description: Takes an order and tells everybody.
    input: Order{n}Create
    output: Order{n}Read
    rest: {{method: POST, path: "", status: 201}}
    events: {{publish_on_success: order{n}.created}}
  update_order{n}:
    input: Order{n}Update
    output: Order{n}Read
    params: [{{name: order_id, type: int, ge: 1}}]
    rest: {{method: PATCH, path: "/{{order_id}}"}}
    events: {{publish_on_success: order{n}.updated}}
  remove_order{n}:
    params: [{{name: order_id, type: int, ge: 1}}]
    rest: {{method: DELETE, path: "/{{order_id}}", status: 204}}
    events: {{publish_on_success: order{n}.removed}}
  pay_order{n}:
    description: Books a payment.
    input: Payment{n}Create
    output: Payment{n}Read
    params: [{{name: order_id, type: int, ge: 1}}]
    rest: {{method: POST, path: "/{{order_id}}/payments", status: 201}}
  write_invoice{n}:
    input: Invoice{n}Create
    output: Invoice{n}Read
    params:
      - {{name: order_id, type: int, ge: 1}}
      - {{name: language, type: enum, values: [de, en], default: en}}
    rest: {{method: POST, path: "/{{order_id}}/invoices"}}
  show_statistics{n}:
    output: Statistics{n}
    params: [{{name: day, type: date}}]
    rest: {{method: GET, path: "/statistics/{{day}}"}}
  import_orders{n}:
    input: Import{n}
    output: ImportResult{n}
    events:
      subscribe: import{n}.requested
      publish_on_success: order{n}.imported
      publish_on_error: order{n}.import_failed
  move_parcel{n}:
    description: Notes where a parcel is, whoever tells it.
    input: Parcel{n}
    rest: {{method: POST, path: /parcels, status: 202}}
    events: {{subscribe: parcel{n}.moved}}
"""

SERVICE = """\
  - name: shop{s}
    type: python-fastapi
    description: Orders of some regions.
    database: true
    calls: [{calls}]
"""

CALLED = ("get_order", "list_orders", "create_order", "pay_order", "show_statistics")


def make_project(root: Path, operations: int) -> None:
    """Write the specs of a project with so many operations, a multiple of ten, and as many models."""
    for path, text in _files(operations // PER_DOMAIN):
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, "utf-8")


def _files(domains: int) -> Iterator[tuple[str, str]]:
    for n in range(domains):
        yield f"shared/spec/models/orders{n}.yaml", MODELS.format(n=n)
        yield f"shared/spec/events/orders{n}.yaml", EVENTS.format(n=n)
        yield f"services/shop{n // DOMAINS_PER_SERVICE}/spec/orders{n}.yaml", DOMAIN.format(n=n)
    services = range(-(-domains // DOMAINS_PER_SERVICE))
    entries = "".join(SERVICE.format(s=s, calls=", ".join(_calls(s))) for s in services)
    yield "services.yml", f"version: 2\nservices:\n{entries}"


def _calls(service: int) -> Iterator[str]:
    if service:
        domain = (service - 1) * DOMAINS_PER_SERVICE
        yield from (f"shop{service - 1}.{operation}{domain}" for operation in CALLED)
