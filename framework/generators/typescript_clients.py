"""`src/generated` of a node service: a typed client of each service that it calls, over `fetch`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from framework.files import File, banner
from framework.generators.features import has_filled_default
from framework.generators.methods import PAYLOAD, describe, folder, specs
from framework.generators.schema_forms import Form
from framework.generators.templating import render
from framework.generators.text import WIDTH
from framework.generators.typescript_names import TypeNames
from framework.generators.typescript_text import doc_comment, literal
from framework.generators.typescript_types import nullable
from framework.naming import pascal_case
from framework.system import (
    Client,
    Error,
    Operation,
    Param,
    ParamRole,
    ParamSource,
    RestBinding,
    Service,
    System,
)
from framework.types import PageType

_PLACEHOLDER = re.compile(r"\{(\w+)\}")

_PARTS = {ParamSource.QUERY: "query", ParamSource.HEADER: "headers"}
"""The parts of a request that take parameters, by the place that these have in it; cookies browsers send."""

_CONDITIONS: Mapping[ParamRole | None, str] = {
    ParamRole.IF_MATCH: 'if_match: number | "*";',
    ParamRole.IF_NONE_MATCH: "if_none_match?: number | undefined;",
}
"""Parameters that callers give as versions: their properties in the interface of the arguments."""

_SERVICES = "services.yml"


class _Items(NamedTuple):
    """The method that goes through the pages of another, which it calls by `pages`."""

    comment: str
    head: list[str]
    pages: str


class _Method(NamedTuple):
    """A method of a client; `arguments` are the lines of the interface of its first one, if it has any."""

    comment: str
    head: list[str]
    returns: bool
    request: list[str]
    interface: str
    arguments: list[str]
    items: _Items | None


def generate(system: System) -> Iterator[File]:
    """The clients, what they have in common, and what servers hand on to whom, in development and later."""
    services = [service for service in system.services if not service.type.is_python]
    if not services:
        return
    names = TypeNames(system)
    for service in services:
        generated = f"{folder(service)}/generated"
        yield File(f"{generated}/http.ts", render("codegen/http.ts.j2", banner=banner(_SERVICES, "// ")))
        yield File(f"{generated}/proxy.ts", _proxy(service, system))
        if service.is_public:
            text = render("shipping/nginx.conf.j2", banner=banner(_SERVICES), service=service)
            yield File(f"{generated}/nginx.conf", text)
        if errors := _errors(service):
            text = render("codegen/errors.ts.j2", banner=banner("services/*/spec", "// "), errors=errors)
            yield File(f"{generated}/errors.ts", text)
        for client in service.clients:
            if client.operations:
                yield File(f"{generated}/clients/{client.target}.ts", _module(service, client, system, names))


def _proxy(service: Service, system: System) -> str:
    ports = {each.name: each.port for each in system.services}
    targets = [
        (client.target, literal(client.setting.upper()), ports[client.target]) for client in service.clients
    ]
    return render("codegen/proxy.ts.j2", banner=banner(_SERVICES, "// "), service=service, targets=targets)


def _errors(service: Service) -> list[Error]:
    errors = {
        error for client in service.clients for operation in client.operations for error in operation.errors
    }
    return sorted(errors)


def _module(service: Service, client: Client, system: System, names: TypeNames) -> str:
    target = next(found for found in system.services if found.name == client.target)
    methods = [_method(operation, operation.rest, names) for operation in client.operations if operation.rest]
    return render(
        "codegen/client.ts.j2",
        banner=banner(specs(target), "// "),
        service=service,
        client=client,
        methods=methods,
        imports="\n".join(_imports(_imported(client, methods))),
        has_errors=any(operation.errors for operation in client.operations),
        has_types=any("types." in line for method in methods for line in [*method.arguments, *method.head]),
    )


def _imported(client: Client, methods: list[_Method]) -> list[str]:
    """What the module imports of the requests' own one, in the order that linters want."""
    are_idempotent = [operation.idempotent for operation in client.operations if operation.rest]
    has_segments = any("segment(" in line for method in methods for line in method.request)
    wanted = {
        "atLeastOne": any("atLeastOne(" in line for method in methods for line in method.request),
        "type CallOptions": not all(are_idempotent),
        "type ClientOptions": True,
        "entityTag": any("entityTag(" in line for method in methods for line in method.request),
        "HttpClient": True,
        "type IdempotentCallOptions": any(are_idempotent),
        "newIdempotencyKey": any(are_idempotent),
        "segment": has_segments,
    }
    return [name for name, is_wanted in wanted.items() if is_wanted]


def _imports(names: list[str]) -> list[str]:
    line = f'import {{ {", ".join(names)} }} from "../http.ts";'
    if len(line) <= WIDTH:
        return [line]
    return ["import {", *(f"  {name}," for name in names), '} from "../http.ts";']


def _method(operation: Operation, rest: RestBinding, names: TypeNames) -> _Method:
    sent = [param for param in operation.params if param.source is not ParamSource.COOKIE]
    may_be_left_out = operation.input is None and not any(
        param.required or param.role is ParamRole.IF_MATCH for param in sent
    )
    interface = f"{pascal_case(operation.name)}Arguments"
    arguments = [f"options: {'IdempotentCallOptions' if operation.idempotent else 'CallOptions'} = {{}}"]
    if sent or operation.input is not None:
        arguments.insert(0, f"args: {interface}{' = {}' if may_be_left_out else ''}")
    answer = names.types(Form.ANSWERED, "types.")(operation.output) if operation.output else "void"
    return _Method(
        doc_comment(describe(operation).removesuffix("\n\nDeprecated."), _tags(operation), indent=2),
        _head(f"  async {_camel_case(operation.name)}(", arguments, f"): Promise<{answer}> {{"),
        operation.output is not None,
        _request(operation, rest, sent),
        interface,
        _properties(operation, sent, names),
        _items(operation, interface, names, may_be_left_out=may_be_left_out),
    )


def _items(operation: Operation, interface: str, names: TypeNames, *, may_be_left_out: bool) -> _Items | None:
    if not isinstance(operation.output, PageType):
        return None
    item = names.types(Form.ANSWERED, "types.")(operation.output.item)
    arguments = [
        f'args: Omit<{interface}, "cursor">{" = {}" if may_be_left_out else ""}',
        "options: CallOptions = {}",
    ]
    opening = f"  async *{_camel_case(f'iter_{operation.name}')}("
    head = _head(opening, arguments, f"): AsyncGenerator<{item}, void> {{")
    pages = _camel_case(operation.name)
    words = f"Asks for page after page of `{pages}`, as long as the items of them are wanted."
    return _Items(doc_comment(words, _tags(operation), indent=2), head, pages)


def _head(opening: str, arguments: list[str], closing: str) -> list[str]:
    """The lines of a function's head: one, if they fit."""
    line = f"{opening}{', '.join(arguments)}{closing}"
    if len(line) <= WIDTH:
        return [line]
    return [opening, *(f"    {argument}," for argument in arguments), f"  {closing}"]


def _tags(operation: Operation) -> list[str]:
    tags = [f"@throws {{errors.{error.name}}} answered as {error.status}" for error in operation.errors]
    return [*tags, "@deprecated"] if operation.deprecated else tags


def _properties(operation: Operation, sent: list[Param], names: TypeNames) -> list[str]:
    """The interface of a method's arguments: the input, and the parameters, of which some may be left out."""
    render_type = names.types(Form.SENT, "types.")
    lines = [f"{PAYLOAD}: {render_type(operation.input)};"] if operation.input is not None else []
    for param in sent:
        if comment := doc_comment(param.description, _defaults(param), indent=2):
            lines.append(comment)
        if condition := _CONDITIONS.get(param.role):
            lines.append(condition)
            continue
        type_ = render_type(param.type)
        text = nullable(type_) if param.nullable else type_
        name = _argument(param)
        lines.append(f"{name}: {text};" if param.required else f"{name}?: {text} | undefined;")
    return lines


def _defaults(param: Param) -> list[str]:
    return [f"@default {literal(param.default)}"] if param.has_default and param.default is not None else []


def _request(operation: Operation, rest: RestBinding, sent: list[Param]) -> list[str]:
    """The properties of a request, a line for each."""
    lines = [f"method: {literal(rest.method)},", f"path: {_path(rest.path)},"]
    for source, part in _PARTS.items():
        if found := [param for param in sent if param.source is source]:
            lines.append(f"{part}: {{")
            lines += [f"  {_key(param)}: {_sent(param)}," for param in found]
            lines.append("},")
    if operation.input is not None:
        lines.append(f"payload: args.{PAYLOAD},")
    if operation.errors:
        lines += _head_of_list("errors: [", [f"errors.{error.name}" for error in operation.errors])
    lines.append("...options,")
    if operation.idempotent:
        lines.append("idempotencyKey: options.idempotencyKey ?? newIdempotencyKey(),")
    return lines


def _head_of_list(opening: str, items: list[str]) -> list[str]:
    line = f"{opening}{', '.join(items)}],"
    if len(line) + 6 <= WIDTH:
        return [line]
    return [opening, *(f"  {item}," for item in items), "],"]


def _sent(param: Param) -> str:
    """What is sent for an argument."""
    argument = f"args.{_argument(param)}"
    if has_filled_default(param):
        return f"atLeastOne({argument})"
    return f"entityTag({argument})" if param.role in _CONDITIONS else argument


def _argument(param: Param) -> str:
    return _argument_of(param.name)


def _argument_of(name: str) -> str:
    return f"{name}_" if name == PAYLOAD else name


def _key(param: Param) -> str:
    return param.name if param.wire_name == param.name else literal(param.wire_name)


def _path(path: str) -> str:
    if not _PLACEHOLDER.search(path):
        return literal(path)
    quoted = path.replace("\\", "\\\\").replace("`", "\\`").replace("$", "\\$")
    return "`" + _PLACEHOLDER.sub(lambda found: f"${{segment(args.{_argument_of(found[1])})}}", quoted) + "`"


def _camel_case(name: str) -> str:
    first, *others = name.split("_")
    return first + "".join(word[:1].upper() + word[1:] for word in others)
