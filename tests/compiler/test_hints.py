"""Habits of other languages: each is told what this language calls it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.compiler.projects import compiled

_BOOK = """
models:
  Book:
    fields: {genre: {type: enum, values: [novel, essay]}}
    variants: {Create: {}, Read: {}}
"""
_DELAYS = "write the time before each try:"
_OWN_MODEL = "give it a model of its own in shared/spec/models.yaml, and write its name"
_SERVICE = "version: 2\nservices:\n  - name: shop\n    type: python-fastapi\n"


def hints(root: Path, files: dict[str, str]) -> list[tuple[str, str]]:
    return [(found.code, found.hint) for found in compiled(root, files)[1]]


@pytest.mark.parametrize(
    ("field", "code", "hint"),
    [
        ("{type: enm}", "bad-type", "did you mean 'enum'?"),
        ("{type: String}", "bad-type", "write string"),
        ("{type: text}", "bad-type", "write string"),
        ("{type: varchar(255)}", "bad-type", "write string, and beside it max_length: 255"),
        ("{type: date-time}", "bad-type", "write datetime"),
        ("{type: array}", "bad-type", "write list[T]"),
        ("{type: list}", "bad-type", "write list[T]"),
        ("{type: dict}", "bad-type", "write dict[string, T]"),
        ("{type: 'Optional[int]'}", "bad-type", "write int | null"),
        ("{type: 'int?'}", "bad-type", "write int | null"),
        ("{type: 'int[]'}", "bad-type", "write list[int]"),
        ("{type: int | None}", "bad-type", "write int | null"),
        ("{type: [string, 'null']}", "bad-shape", "write string | null"),
        ("{type: {$ref: '#/components/schemas/Book'}}", "bad-shape", "write the name of the model: Book"),
        (
            "{type: int, required: true}",
            "unknown-key",
            "every field is required, unless it says optional: true",
        ),
        ("{type: int, nullable: true}", "unknown-key", "write type: T | null"),
        ("{type: string, enum: [a]}", "unknown-key", "write type: enum, values: [a, b]"),
        ("{type: string, maxLength: 3}", "unknown-key", "did you mean 'max_length'?"),
        ("{type: int, minimum: 3}", "unknown-key", "write ge: the least value"),
        ("{type: string, format: email}", "unknown-key", "the format is the type here, such as type: email"),
        ("{type: 'list[int]', items: int}", "unknown-key", "write type: list[T]"),
        ("{$ref: Book}", "unknown-key", "the name of the model is the type, such as type: Address"),
        ("{type: int, default: null}", "bad-default", "allow it with type: … | null"),
        ("{type: int, optional: no}", "bad-shape", "write false"),
        ("{type: int, ge: '1'}", "bad-shape", "write the number without quotes"),
        ("int", "bad-shape", "write {type: int}"),
        ("", "bad-shape", "write {type: …}"),
        ("{type: 'list[]'}", "bad-type", "write list[T]"),
        ("{type: 'list[int]', min_length: 1}", "bad-constraint", "write min_items"),
        ("{type: string, le: 3}", "bad-constraint", "write max_length"),
        ("{type: int, min_length: 1}", "bad-constraint", "write ge"),
        ("{type: int, pattern: x}", "bad-constraint", ""),
        (
            "{type: duration, default: 5m}",
            "bad-default",
            "a duration in JSON is written like PT90S, PT5M or P1DT2H",
        ),
        ("{type: 'Union[int, None]'}", "bad-type", "write int | null"),
        ("{type: enum, enum: [a], default: a}", "unknown-key", "write type: enum, values: [a, b]"),
        (
            "{type: datetime, default: now()}",
            "bad-default",
            "a default is one fixed value; what is computed is set by the controller",
        ),
    ],
)
def test_a_habit_in_a_field_is_told_what_to_write(field: str, code: str, hint: str, tmp_path: Path) -> None:
    models = f"models:\n  Book:\n    fields:\n      id: {field}\n"
    assert hints(tmp_path, {"shared/spec/models.yaml": models}) == [(code, hint)]


_UNION = "a value has one type: write json, or a model with an optional field for each"


@pytest.mark.parametrize(
    ("type_", "hint"),
    [
        ("string | int", _UNION),
        ("int | string | null", _UNION),
        ("Union[int, str]", _UNION),
        ("oneOf", _UNION),
        ("uuid4", "write uuid"),
        ("UUID", "write uuid"),
        ("uint64", "write int"),
        ("password", "write string"),
        ("ID", "write int, string or uuid"),
        ("PositiveInt", "write int, and beside it gt: 0"),
        ("SecretStr", "write string"),
        ("decimal(10, 2)", "write decimal, and beside it multiple_of: 0.01 for two places"),
        ("conint(ge=1)", "write int, with its limits beside it: ge, gt, le, lt"),
        ("datetime.datetime", "write datetime"),
        ("google.protobuf.Timestamp", "write datetime"),
        ("Decimal", "write decimal"),
        ("List[Book]", "write list[Book]"),
        ("Array<string>", "write list[string]"),
        ("list of Book", "write list[Book]"),
        ("repeated string", "write list[string]"),
        ("[String!]!", "write list[string]"),
        ("String!", "write string"),
        ("map<string, int>", "write dict[string, int]"),
        ("Dict[str, List[Book]]", "write dict[string, list[Book]]"),
        ("Optional[List[int]]", "write list[int] | null"),
        ("None | int", "write int | null"),
        ("Book?", "write Book | null"),
        ("Book[]", "write list[Book]"),
        ("Book.Read", "write BookRead"),
        ("#/components/schemas/Book", "write Book"),
        ("Partial<Book>", "write the name of a variant, such as UserUpdate"),
        ("Page[Book]", "write list[T], and paginate: {key: id} beside it"),
        ("string, optional", "write {type: string, optional: true}"),
        ("'a' | 'b'", "write enum, with its values"),
        ("List[Bok]", "write list[T]"),
    ],
)
def test_a_type_of_another_language_is_told_in_the_words_of_this_one(
    type_: str, hint: str, tmp_path: Path
) -> None:
    files = {"shared/spec/models.yaml": f'{_BOOK}  Shelf:\n    fields:\n      id: {{type: "{type_}"}}\n'}
    assert hints(tmp_path, files) == [("bad-type", hint)]


def test_a_model_that_could_not_be_read_is_no_word_of_another_language(tmp_path: Path) -> None:
    models = "models:\n  Page: {fields: 3}\n  Shelf: {fields: {first: {type: Page}}}\n"
    assert hints(tmp_path, {"shared/spec/models.yaml": models}) == [("bad-shape", "")]


@pytest.mark.parametrize(
    ("model", "hint"),
    [
        ("{fields: {id: {enum: [a]}}}", "write type: enum, values: [a, b]"),
        ("{fields: {id: {type: enum, values: {a: 1, b: 2}}}}", "write a list: [a, b]"),
        ("{fields: {id: {type: {type: array, items: {type: int}}}}}", "write list[int]"),
        ("{fields: {id: {type: {type: array, items: {$ref: '#/x/Book'}}}}}", "write list[Book]"),
        ("{fields: {id: {type: {size: int}}}}", _OWN_MODEL),
        ("{fields: {id: {type: [int, string]}}}", _UNION),
        ("{fields: {id: [string]}}", 'write {type: "list[string]"}'),
        ("{fields: {id: {type: string, title: Number}}}", "write description"),
        ("{fields: {id: {type: int, default: '1'}}}", "write the number without quotes"),
        ("{fields: {id: {type: bool, default: yes}}}", "write true"),
        ("{fields: {id: {type: int, ge: '0.5'}}}", "write the number without quotes"),
        (
            "{fields: [{name: id, type: int}]}",
            "write each as a key with its value, without '- ' before it: id: …",
        ),
        ("{values: [a, b]}", "an enum is the type of a field, not a model: {type: enum, values: [a, b]}"),
        ("{id: int}", "the keys here are description, fields, variants; fields is missing"),
        ("{fields: {id: {type: int}}, variants: {Read: [id]}}", "write {only: [id]}"),
        ("{fields: {id: {type: int}}, variants: {Read: {omit: [id]}}}", "write exclude"),
        ("{fields: {id: {type: int}}, variants: {Update: {optional: true}}}", "write all"),
    ],
)
def test_a_habit_in_a_model_is_told_once(model: str, hint: str, tmp_path: Path) -> None:
    files = {"shared/spec/models.yaml": f"{_BOOK}  Shelf: {model}\n"}
    assert [told for _, told in hints(tmp_path, files)] == [hint]


@pytest.mark.parametrize(
    ("keys", "hint"),
    [
        ("database: postgres", "write true; the setting DATABASE_URL says which database it is"),
        ("database: none", "write false"),
        ("db: postgres", "write database: true"),
        ("resources: {memory: 2GB}", "write 2Gi"),
        ("resources: {memory: 0.5Gi}", "write 512Mi"),
        ("resources: {memory: 536870912}", "write 512Mi"),
        ("resources: {cpu: '1'}", "write the number without quotes"),
        ("resources: {limits: {cpu: 1}}", "write cpu and memory themselves: {cpu: 0.5, memory: 512Mi}"),
        ("mem_limit: 512m", "write resources: {cpu: 0.5, memory: 512Mi}"),
        ("port: '8080:8000'", "write 8000: the port that it listens on"),
        ("depends_on: [redis, postgres]", "write {redis: service_healthy, postgres: service_healthy}"),
        ("depends_on: {redis: {condition: service_healthy}}", "write service_healthy"),
        ("depends_on: {queue: service_healthy}", "besides the services there are postgres and redis"),
        ("calls: {shop: [act]}", "write a list: [shop.act]"),
        ("secrets: [api_token]", "write API_TOKEN"),
        ("internal: true", "a service is reached from within alone, unless it says public: true"),
        ("restart: always", "the files of Compose are generated from what is said here: remove it"),
        ("env_file: .env", "settings stand in .env; see .env.example"),
        ("tags: [a]", ""),
    ],
)
def test_a_habit_of_compose_is_told_what_to_write(keys: str, hint: str, tmp_path: Path) -> None:
    files = {"services.yml": _SERVICE + f"    {keys}\n"}
    [(_, told)] = hints(tmp_path, files)
    assert told == hint or (not hint and told.startswith("the keys here are"))


@pytest.mark.parametrize(
    ("event", "hint"),
    [
        ("{data: Book, external: true}", "write message: the name of a model"),
        ("{message: Book, external: true, retention: 3 days}", "write 3d"),
        ("{message: Book, external: true, retention: 2 weeks}", "write 14d"),
        ("{message: Book, external: true, retention: 9999d}", ""),
        ("{message: [Book], external: true}", "write Book"),
        ("{message: Book, external: true, partition_key: id}", "write key"),
    ],
)
def test_a_habit_in_an_event_is_told_once(event: str, hint: str, tmp_path: Path) -> None:
    files = {"shared/spec/models.yaml": _BOOK, "shared/spec/events.yaml": f"events:\n  book.made: {event}\n"}
    assert [told for _, told in hints(tmp_path, files)] == [hint]


@pytest.mark.parametrize(
    ("operation", "code", "hint"),
    [
        ("{rest: {method: post}}", "bad-value", "did you mean 'POST'?"),
        ("{rest: POST}", "bad-shape", "write {method: POST}"),
        ("{rest: {method: POST, url: /books}}", "unknown-key", "write path"),
        ("{method: POST}", "unknown-key", "write rest: {method: …, path: …}"),
        ("{rest: POST /books}", "bad-shape", 'write {method: POST, path: "/books"}'),
        ("{post: /books}", "unknown-key", "write rest: {method: POST, path: …}"),
        ("{rest: {path: POST /books}}", "missing-key", 'write {method: POST, path: "/books"}'),
        ("{rest: /books}", "bad-shape", 'write {method: GET, path: "/books"}'),
        ("{rest: {method: POST, params: []}}", "unknown-key", "write it beside rest, not in it"),
        ("{rest: {method: POST, body: Book}}", "unknown-key", "write input, beside rest"),
        (
            "{rest: {method: POST, tags: [a]}}",
            "unknown-key",
            "tags are those of the domain: config: {rest: {tags: […]}}",
        ),
        ("{rest: {method: POST}, params: [id: int]}", "unknown-key", "write {name: id, type: int}"),
        (
            "{rest: {method: POST}, params: [{name: a, type: int, source: body}]}",
            "bad-value",
            "what the body carries is the input of the operation: input: …",
        ),
        ("{rest: {method: POST}, errors: {Gone: {status: 410}}}", "bad-shape", "write 410"),
        ("{rest: {method: POST}, raises: [Gone]}", "unknown-key", "write errors: {NotFound: 404}"),
        ("{rest: {method: POST}, output: {type: Book}}", "bad-shape", "write Book"),
        ("{input: Book, events: b}", "bad-shape", "write {subscribe: b}"),
        ("{input: Book, events: {on: b}}", "unknown-key", "write subscribe"),
        ("{schedule: {every: 30 seconds}}", "bad-value", "write 30s"),
        ("{rest: {method: POST}, response_model: Book}", "unknown-key", "write output"),
        (
            "{rest: {method: POST}, responses: {}}",
            "unknown-key",
            "write output, and errors for what is refused: errors: {NotFound: 404}",
        ),
        (
            "{rest: {method: POST}, errors: [Gone]}",
            "bad-shape",
            "write each as a key with its value, without '- ' before it: Gone: …",
        ),
        ("{rest: {method: POST}, output: 'list[CreateBook]'}", "unknown-model", "did you mean 'BookCreate'?"),
        ("{rest: {method: POST}, output: Genre}", "unknown-model", "did you mean 'BookGenre'?"),
        (
            "{input: Book, events: {subscribe: b, retry: 3}}",
            "bad-shape",
            f"{_DELAYS} {{delays: [1s, 5s, 30s]}}",
        ),
        ("{input: Book, events: {subscribe: b, retry: [1s]}}", "bad-shape", "write {delays: [1s]}"),
        (
            "{rest: {method: POST}, params: {limit: {type: int}}}",
            "bad-shape",
            "write a list, each item beginning with '- ': - name: limit",
        ),
        (
            "{rest: {method: POST}, errors: {409: Gone}}",
            "bad-shape",
            "write it the other way round: Gone: 409",
        ),
    ],
)
def test_a_habit_in_an_operation_is_told_what_to_write(
    operation: str, code: str, hint: str, tmp_path: Path
) -> None:
    domain = f"domain: books\noperations:\n  act: {operation}\n"
    files = {
        "shared/spec/models.yaml": _BOOK,
        "shared/spec/events.yaml": "events: {b: {message: Book, external: true}}\n",
        "services/shop/spec/books.yaml": domain,
    }
    assert [each for each in hints(tmp_path, files) if each[0] != "event-name"] == [(code, hint)]


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("/{id:int}", "'{id:int}' is no parameter: write '{id}', and its type under params"),
        ("/<int:id>", "'<int:id>' is no parameter: write '{id}', and its type under params"),
        ("/:id", "':id' is no parameter: write '{id}', and its type under params"),
        ("/", "a path does not end in '/': write ''"),
        ("books/", "a path begins with '/': write '/books'"),
        ("POST /books", "a path has no method: write '/books', and method: POST"),
        ("https://shop/books", "a path begins with '/', without an address: write '/books'"),
        ("/books?limit=3", "what follows '?' is no part of the path: name it under params"),
    ],
)
def test_a_path_of_another_framework_is_told_how_it_is_written(
    path: str, message: str, tmp_path: Path
) -> None:
    domain = f'domain: books\noperations:\n  act: {{rest: {{method: POST, path: "{path}"}}}}\n'
    _, found = compiled(tmp_path, {"services/shop/spec/books.yaml": domain})
    assert [(each.code, each.message) for each in found] == [("bad-path", message)]


@pytest.mark.parametrize("delays", ["[1, 2]", "[-1s]"], ids=["without a unit", "negative"])
def test_what_follows_from_a_mistake_in_a_list_is_not_told(delays: str, tmp_path: Path) -> None:
    events = f"{{subscribe: b, retry: {{delays: {delays}}}}}"
    domain = f"domain: books\noperations:\n  act: {{input: Book, events: {events}}}\n"
    files = {
        "shared/spec/models.yaml": _BOOK,
        "shared/spec/events.yaml": "events: {b: {message: Book, external: true}}\n",
        "services/shop/spec/books.yaml": domain,
    }
    _, found = compiled(tmp_path, files)
    told = {each.message for each in found if each.code == "bad-value"}
    assert told == {"a duration is written like 500ms, 1s, 5m, 2h or 3d"}


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("models:\n  Book:\n    description: a: b\n", "quote a text that has ': ' in it"),
        ("models:\n\tBook: {}\n", "YAML forbids tabs there: use spaces"),
        ("models: {Book: {fields: {id: {type: 'int'\n", "close the brace"),
        (
            "models: {Book: {fields: {id: {type: dict[string, list[int]]}}}}\n",
            'quote it: "dict[string, list[int]]"',
        ),
        ("models: {Book: {fields: {id: {pattern: ^/{x}/$}}}}\n", 'quote it: "^/{x}/$"'),
        ("models: {Book: {fields: {id: {type: list[int]}}}\n", 'quote it: "list[int]"'),
        (
            "models:\n  Book:\n<<<<<<< HEAD\n    fields: {}\n=======\n    variants: {}\n>>>>>>> theirs\n",
            "keep what is right of both sides, and remove the lines <<<<<<<, ======= and >>>>>>>",
        ),
    ],
)
def test_a_slip_of_yaml_is_told_with_its_cure(text: str, hint: str, tmp_path: Path) -> None:
    ((code, told),) = hints(tmp_path, {"shared/spec/models.yaml": text})
    assert code == "yaml-syntax"
    assert hint in told


def test_values_that_are_no_texts_are_told_once_each(tmp_path: Path) -> None:
    files = {"shared/spec/models.yaml": "models: {Book: {fields: {size: {type: enum, values: [1, 2]}}}}\n"}
    assert [found.code for found in compiled(tmp_path, files)[1]] == ["bad-shape", "bad-shape"]


def test_each_conflict_of_a_merge_is_told_where_it_begins(tmp_path: Path) -> None:
    conflict = "<<<<<<< HEAD\n  Book: {}\n=======\n  Page: {}\n>>>>>>> theirs\n"
    _, found = compiled(tmp_path, {"shared/spec/models.yaml": f"models:\n{conflict}  Shop: {{}}\n{conflict}"})
    assert [(each.place.line, each.place.width, each.message) for each in found] == [
        (2, len("<<<<<<< HEAD"), "a conflict of a merge"),
        (8, len("<<<<<<< HEAD"), "a conflict of a merge"),
    ]


_SHOP = "version: 2\nservices:\n  - {name: shop, type: python-fastapi, %s}\n"
_ACT = "domain: books\noperations:\n  act: {output: BookRead, rest: {method: POST}, idempotent: true}\n"
_USES = """
domain: books
operations:
  find:
    params: [{name: genre, type: string}]
    output: list[BookRead]
    rest: {method: GET, path: "/books/{genre}"}
  make:
    input: BookCreate
    output: Book
    rest: {method: POST, path: /books}
    events: {publish_on_success: book.made}
  hear: {input: Book, events: {subscribe: book.made}}
"""
_CALLER = "  - {name: desk, type: python-fastapi, database: true, calls: [shop.act]}\n"


@pytest.mark.parametrize(
    ("files", "codes"),
    [
        ({"services.yml": _SHOP % "database: postgres"}, ["bad-shape"]),
        ({"services.yml": _SHOP % "database: true, public: true, port: '80'"}, ["bad-shape"]),
        ({"services.yml": _SHOP % "database: true, public: true, ports: [80]"}, ["unknown-key"]),
        ({"services.yml": _SHOP % "database: true, resources: {cpu: 500m}"}, ["bad-shape"]),
        ({"shared/spec/models/more.yaml": _BOOK}, ["duplicate-name"]),
        (
            {
                "shared/spec/models.yaml": "models:\n  Book: {fields: {id: {type: int}}}\n",
                "shared/spec/models/more.yaml": _BOOK,
            },
            ["duplicate-name"],
        ),
        ({"shared/spec/models.yaml": "", "shared/spec/model.yaml": _BOOK}, ["file-name"]),
        (
            {
                "services.yml": _SHOP % "database: true" + _CALLER,
                "services/shop/spec/books.yaml": "",
                "services/shop/spec/books.yml": _ACT,
            },
            ["file-name"],
        ),
        (
            {
                "services.yml": _SHOP % "database: true" + _CALLER,
                "services/shop/spec/books.yaml": "",
                "services/shop/spec/v1/books.yaml": _ACT,
            },
            ["file-name"],
        ),
        (
            {
                "services/shoop/spec/a.yaml": "domain: a\noperations: {}\n",
                "services/shoop/spec/b.yaml": "domain: b\noperations: {}\n",
            },
            ["stray-spec"],
        ),
    ],
)
def test_what_follows_from_a_mistake_is_not_told(
    files: dict[str, str], codes: list[str], tmp_path: Path
) -> None:
    sound = {
        "services.yml": _SHOP % "database: true",
        "shared/spec/models.yaml": _BOOK,
        "services/shop/spec/books.yaml": _ACT,
    }
    present = {path: text for path, text in {**sound, **files}.items() if text}
    assert [found.code for found in compiled(tmp_path, present)[1]] == codes


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("shared/spec/events.yaml", "events: {BookMade: {message: Book}}\n"),
        ("shared/spec/models.yaml", _BOOK.replace("  Book:", "  book:")),
        ("shared/spec/models.yaml", _BOOK.replace("Read: {}", "read: {}")),
        ("shared/spec/models.yaml", _BOOK.replace("genre:", "Genre:")),
        ("services.yml", (_SHOP % "database: true" + _CALLER).replace("shop", "Shop", 1)),
        ("services/shop/spec/books.yaml", _USES.replace("find:", "Find:")),
        ("services/shop/spec/books.yaml", _USES.replace("name: genre", "name: Genre")),
    ],
)
def test_a_badly_written_name_is_told_once_however_often_its_right_form_is_used(
    path: str, text: str, tmp_path: Path
) -> None:
    files = {
        "services.yml": _SHOP % "database: true" + _CALLER.replace("act", "find"),
        "shared/spec/models.yaml": _BOOK,
        "shared/spec/events.yaml": "events: {book.made: {message: Book, key: genre}}\n",
        "services/shop/spec/books.yaml": _USES,
    }
    assert [found.code for found in compiled(tmp_path, files)[1]] == []
    assert [found.code for found in compiled(tmp_path, {**files, path: text})[1]] == ["bad-name"]


def test_a_call_of_a_service_without_operations_tells_where_they_are_described(tmp_path: Path) -> None:
    _, (found,) = compiled(tmp_path, {"services.yml": _SHOP % "database: true" + _CALLER})
    assert found.hint == (
        "services/shop/spec has none: describe it there, in a file for each domain; "
        "`make sync-services` gives a new service its first one, `say_hello`"
    )


@pytest.mark.parametrize(
    ("call", "hint"),
    [
        ("shop.zzz", "there are: find, sell"),
        ("shop.books.find", "write shop.find"),
        ("prices.find", "there are: desk, shop"),
    ],
)
def test_what_can_be_called_is_listed(call: str, hint: str, tmp_path: Path) -> None:
    services = _SHOP % "database: true" + _CALLER.replace("shop.act", call)
    spec = "domain: books\noperations:\n" + "".join(
        f"  {name}: {{description: {name}., rest: {{method: POST, path: /{name}}}}}\n"
        for name in ("find", "sell")
    )
    _, (found,) = compiled(tmp_path, {"services.yml": services, "services/shop/spec/books.yaml": spec})
    assert found.hint == hint


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("  - name: shop\n    type: python\n      port: 8030\n", (5, 7, "the line is indented deeper")),
        ("  - name: shop\n    type: python\n    description: a: b\n", (5, 19, "a second ': ' in one value")),
        ("  - name: shop\n\ttype: python\n", (4, 1, "a tab in the indentation")),
    ],
)
def test_what_breaks_a_mapping_is_told_as_it_is(
    text: str, told: tuple[int, int, str], tmp_path: Path
) -> None:
    _, (found,) = compiled(tmp_path, {"services.yml": f"version: 2\nservices:\n{text}"})
    line, column, message = told
    assert (found.code, found.place.line, found.place.column) == ("yaml-syntax", line, column), found
    assert found.message.startswith(message)


def test_millicores_are_told_as_cores(tmp_path: Path) -> None:
    files = {"services.yml": _SHOP % "database: true, resources: {cpu: 500m}"}
    assert hints(tmp_path, files) == [("bad-shape", "write 0.5")]
