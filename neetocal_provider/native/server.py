"""
The provider as a plugin of its own: the engine's calls over gRPC, handed to `operations` and back.

The server is asynchronous, and the core is not: each call runs in a thread of its own, of which there are more than the
engine ever asks for at once, so the one synchronous client serves both hosts and nothing of it is written twice. What
has to wait, waits in that thread; the loop only passes messages on.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from contextvars import copy_context
from threading import Event, Lock
from typing import TYPE_CHECKING, Any, TypeVar

import pulumi
from google.protobuf.empty_pb2 import Empty
from google.protobuf.struct_pb2 import Struct, Value
from pulumi.runtime.proto import plugin_pb2, provider_pb2
from pulumi.runtime.proto.provider_pb2_grpc import ResourceProviderServicer
from pulumi.runtime.rpc import UNKNOWN as PULUMI_UNKNOWN

from neetocal_provider import log
from neetocal_provider.api import rate_limiter
from neetocal_provider.api.client import connect
from neetocal_provider.api.deadline import operation_context
from neetocal_provider.core.detailed_diff import Change, detailed_diff
from neetocal_provider.core.operations import DiffResult, OperationError, Operations
from neetocal_provider.core.resource_type import ResourceType
from neetocal_provider.core.run import Run
from neetocal_provider.errors import ConfigError, NeetoCalError
from neetocal_provider.native import schema
from neetocal_provider.native.calls import Call, refuse
from neetocal_provider.native.engine_log import EngineHandler, EngineLog
from neetocal_provider.native.values import from_struct, marks, secret, to_struct, unmarked, with_secrets
from neetocal_provider.resources.functions import FUNCTIONS, invoke
from neetocal_provider.resources.lookups import LookupCache
from neetocal_provider.schema.resource import TYPE
from neetocal_provider.schema.types import has_unknown
from neetocal_provider.sdk.properties import from_engine, provider_property, to_record
from neetocal_provider.settings import SETTINGS, Config, Settings, load_settings
from neetocal_provider.version import __version__

if TYPE_CHECKING:
    from neetocal_provider.native.components import Components

__all__ = ["THREADS", "Plugin"]

THREADS = 256
"""Calls at once: more than any `--parallel` makes sense for, and as many as there are connections at most."""

Result = TypeVar("Result")
Decided = tuple[DiffResult, Mapping[str, Change]]

_KEY = schema.setting_name("api_key")

_KINDS = {
    (Change.ADD, False): provider_pb2.PropertyDiff.ADD,
    (Change.ADD, True): provider_pb2.PropertyDiff.ADD_REPLACE,
    (Change.DELETE, False): provider_pb2.PropertyDiff.DELETE,
    (Change.DELETE, True): provider_pb2.PropertyDiff.DELETE_REPLACE,
    (Change.UPDATE, False): provider_pb2.PropertyDiff.UPDATE,
    (Change.UPDATE, True): provider_pb2.PropertyDiff.UPDATE_REPLACE,
}


class Plugin(ResourceProviderServicer):
    """
    The service that the engine talks to; one for each provider of a program.

    Args:
        engine_address: host and port of the engine; empty where it is told later, or never.
    """

    def __init__(self, engine_address: str = "") -> None:
        self._engine = EngineLog(engine_address)
        self._config: Mapping[str, Any] = {}
        self._former: list[Mapping[str, Any]] = []
        self._run = Run()
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="call")
        self._cancelled = Event()
        self._caches_lock = Lock()
        self._caches: dict[Settings, LookupCache] = {}
        self._components: Components | None = None

    # The provider

    async def Handshake(
        self, request: provider_pb2.ProviderHandshakeRequest, context: Any
    ) -> provider_pb2.ProviderHandshakeResponse:
        """
        Learn where the engine is, and say that values may carry the engine's marks.
        """
        self._engine = EngineLog(request.engine_address)
        return provider_pb2.ProviderHandshakeResponse(accept_secrets=True, accept_outputs=True)

    async def Attach(self, request: plugin_pb2.PluginAttach, context: Any) -> Empty:
        """
        Learn where the engine is that a developer has sent here (PULUMI_DEBUG_PROVIDERS).
        """
        self._engine = EngineLog(request.address)
        return Empty()

    async def GetPluginInfo(self, request: Empty, context: Any) -> plugin_pb2.PluginInfo:
        """
        Return the version.
        """
        return plugin_pb2.PluginInfo(version=__version__)

    async def GetSchema(self, request: provider_pb2.GetSchemaRequest, context: Any) -> provider_pb2.GetSchemaResponse:
        """
        Return the schema, from which Pulumi makes SDKs for other languages.
        """
        return provider_pb2.GetSchemaResponse(schema=json.dumps(schema.package()))

    async def CheckConfig(self, request: provider_pb2.CheckRequest, context: Any) -> provider_pb2.CheckResponse:
        """
        Report everything that is wrong with the settings, once for all resources; the key is a secret from here on.
        """
        found = from_struct(request.news)
        problems: tuple[str, ...] = ()
        if not has_unknown(found):
            try:
                load_settings(_config(found))
            except ConfigError as error:
                problems = error.problems
        failures = [provider_pb2.CheckFailure(property="", reason=problem) for problem in problems]
        inputs = Struct(fields={**request.news.fields})
        if _KEY in inputs.fields and inputs.fields[_KEY].string_value not in ("", PULUMI_UNKNOWN):
            inputs.fields[_KEY].CopyFrom(secret(request.news.fields[_KEY]))
        return provider_pb2.CheckResponse(inputs=inputs, failures=failures)

    async def DiffConfig(self, request: provider_pb2.DiffRequest, context: Any) -> provider_pb2.DiffResponse:
        """
        Say whether the settings changed; the former ones are kept for links that live in another workspace.

        That makes no new provider, nor new links: what a link says of its workspace decides that, in `Diff`, which
        looks first whether the old link may go. The former provider may be one of the dynamic host's.
        """
        olds, news = from_struct(request.old_inputs), from_struct(request.news)
        if olds != news and olds not in self._former:
            self._former.append(olds)
        changed = sorted(name for name in olds.keys() | news.keys() if olds.get(name) != news.get(name))
        return provider_pb2.DiffResponse(changes=_changes(is_changed=bool(changed)), diffs=changed)

    async def Configure(self, request: provider_pb2.ConfigureRequest, context: Any) -> provider_pb2.ConfigureResponse:
        """
        Keep the settings; what is wrong with them is told by the operations that need them.
        """
        self._config = from_struct(request.args)
        log.start(SETTINGS["log"].find(_config(self._config)), EngineHandler(self._engine))
        self._threads.submit(self._prepare)
        return provider_pb2.ConfigureResponse(supportsPreview=True, acceptSecrets=True, acceptOutputs=True)

    def _prepare(self) -> None:
        """
        Load what requests need while the engine is busy with other things, so that the first one need not wait for it.
        """
        with suppress(NeetoCalError):
            connect(load_settings(_config(self._config)))

    async def Cancel(self, request: Empty, context: Any) -> Empty:
        """
        Begin nothing more: what is under way ends without another attempt and without another pause.
        """
        self._cancelled.set()
        rate_limiter.wake_all()
        return Empty()

    # Resources

    async def Check(self, request: provider_pb2.CheckRequest, context: Any) -> provider_pb2.CheckResponse:
        """
        Report everything that is wrong with the arguments.
        """
        found = await self._done(
            request, context, lambda on, olds: on.check(olds, from_struct(request.news)), request.olds
        )
        failures = [provider_pb2.CheckFailure(property=each.property, reason=each.reason) for each in found]
        return provider_pb2.CheckResponse(inputs=request.news, failures=failures)

    async def Diff(self, request: provider_pb2.DiffRequest, context: Any) -> provider_pb2.DiffResponse:
        """
        Say whether a change is due, where, and whether it replaces the resource.
        """
        news = from_struct(request.news)
        found, paths = await self._done(
            request, context, lambda on, olds: _decided(on, request.id, olds, news), request.olds
        )
        replaces = {*found.diff.replaces}
        detailed = {
            path: provider_pb2.PropertyDiff(kind=_KINDS[change, path.partition("[")[0] in replaces])
            for path, change in paths.items()
        }
        return provider_pb2.DiffResponse(
            changes=_changes(is_changed=bool(found.diff.changed) or found.is_reported),
            replaces=found.diff.replaces,
            diffs=found.diff.changed,
            deleteBeforeReplace=found.delete_before_replace,
            detailedDiff=detailed,
            hasDetailedDiff=bool(detailed),
        )

    async def Create(self, request: provider_pb2.CreateRequest, context: Any) -> provider_pb2.CreateResponse:
        """
        Create it, or say what will be known of it.
        """
        news = from_struct(request.properties)
        if request.preview:
            previewed = await self._done(request, context, lambda on, _: on.preview(news))
            return provider_pb2.CreateResponse(properties=with_secrets(to_struct(previewed), request.properties))
        created = await self._done(request, context, lambda on, _: on.create(news), given=request.properties)
        outputs = with_secrets(to_struct(to_record(created.outputs)), request.properties)
        return provider_pb2.CreateResponse(id=created.id, properties=outputs)

    async def Read(self, request: provider_pb2.ReadRequest, context: Any) -> provider_pb2.ReadResponse:
        """
        Return it as it stands, for a refresh, for an import or for a program that reads what it does not manage.
        """
        inputs = from_struct(request.inputs)
        live = await self._done(
            request, context, lambda on, olds: on.read(request.id, olds, inputs), request.properties
        )
        if live is None:
            return provider_pb2.ReadResponse()
        outputs = to_struct({**to_record(live.outputs), **provider_property(unmarked(request.properties))})
        return provider_pb2.ReadResponse(
            id=request.id,
            properties=with_secrets(outputs, request.properties),
            inputs=with_secrets(to_struct(live.inputs), request.inputs),
        )

    async def Update(self, request: provider_pb2.UpdateRequest, context: Any) -> provider_pb2.UpdateResponse:
        """
        Bring it to what the program declares, or say what will be known of it.
        """
        news = from_struct(request.news)
        if request.preview:
            outputs = await self._done(request, context, lambda on, olds: on.preview(news, olds), request.olds)
        else:
            done = await self._done(
                request, context, lambda on, olds: on.update(request.id, olds, news), request.olds, given=request.news
            )
            outputs = done.outputs
        kept = {**to_record(outputs), **provider_property(unmarked(request.olds))}
        return provider_pb2.UpdateResponse(properties=with_secrets(to_struct(kept), request.news))

    async def Delete(self, request: provider_pb2.DeleteRequest, context: Any) -> Empty:
        """
        Delete it; what is gone already counts as deleted.
        """
        await self._done(request, context, lambda on, olds: on.delete(request.id, olds), request.properties)
        return Empty()

    # Functions

    async def Invoke(self, request: provider_pb2.InvokeRequest, context: Any) -> provider_pb2.InvokeResponse:
        """
        Look something up of the workspace, in previews too.
        """
        name = request.tok.removeprefix(TYPE)
        if name not in FUNCTIONS:
            await refuse(context, f"{request.tok!r} is no function of this provider.")
        try:
            found = await self._in_thread(lambda: invoke(self._cache(), name, from_struct(request.args)))
        except NeetoCalError as error:
            return provider_pb2.InvokeResponse(failures=[provider_pb2.CheckFailure(reason=str(error))])
        except Exception as error:  # noqa: BLE001 - the call ends, and the plugin does not
            await refuse(context, log.describe_bug(error))
        is_secret = any(mark.is_secret for mark in marks(Value(struct_value=request.args)))
        answer = provider_pb2.InvokeResponse()
        fields = {key: secret(value) if is_secret else value for key, value in to_struct(found).fields.items()}
        getattr(answer, "return").CopyFrom(Struct(fields=fields))
        return answer

    # Components

    async def Construct(self, request: provider_pb2.ConstructRequest, context: Any) -> provider_pb2.ConstructResponse:
        """
        Declare a team and its links, or report everything that is wrong with it.
        """
        if request.type != schema.TEAM_LINKS:
            await refuse(context, f"{request.type!r} isn't a component of this provider.")
        await self._refuse_if_cancelled(context)
        components = await self._in_thread(_import_components)
        if self._components is None:
            self._components = components(self._engine)
        try:
            return await self._components.construct(request, context)
        except ConfigError as error:
            await refuse(context, "\n".join(error.problems))
        except pulumi.RunError as error:
            await refuse(context, str(error))
        except Exception as error:  # noqa: BLE001 - the call ends, and the plugin does not
            await refuse(context, log.describe_bug(error))

    def _cache(self) -> LookupCache:
        with self._caches_lock:
            settings = load_settings(_config(self._config))
            if settings not in self._caches:
                self._caches[settings] = LookupCache(
                    connect(settings), lambda sentence: self._engine.warn("", sentence)
                )
            return self._caches[settings]

    # How calls are done

    async def _done(
        self,
        request: Any,
        context: Any,
        work: Callable[[Operations, Mapping[str, Any]], Result],
        olds: Struct | None = None,
        given: Struct | None = None,
    ) -> Result:
        """
        Do the work of a call in a thread, and end the call in a sentence where that fails.
        """
        kind = schema.of(request.urn)
        if kind is None:
            await refuse(context, f"{request.urn!r} is no resource of this provider.")
        await self._refuse_if_cancelled(context)
        call = Call(request.urn, unmarked(olds) if olds else {}, self._engine, given or Struct())
        on = self._operations(kind, call)
        try:
            return await self._in_thread(lambda: work(on, from_engine(call.olds)), getattr(request, "timeout", 0.0))
        except OperationError as error:
            await refuse(context, str(error), call.failed)
        except Exception as error:  # noqa: BLE001 - the call ends, and the plugin does not
            await refuse(context, log.describe_bug(error))

    async def _refuse_if_cancelled(self, context: Any) -> None:
        if self._cancelled.is_set():
            await refuse(context, "The run is being cancelled; run the command again.")

    def _operations(self, kind: ResourceType, call: Call) -> Operations:
        return Operations(
            resource_type=kind,
            config=_config(self._config),
            former=tuple(map(_config, self._former)),
            host=call,
            run=self._run,
        )

    async def _in_thread(self, work: Callable[[], Result], seconds: float = 0) -> Result:
        def bounded() -> Result:
            with operation_context(seconds, self._cancelled):
                return work()

        return await asyncio.get_running_loop().run_in_executor(self._threads, copy_context().run, bounded)


def _import_components() -> type[Components]:
    """
    Import what declares components, with the classes of resources: most plugins serve links alone.
    """
    from neetocal_provider.native.components import Components

    return Components


def _decided(on: Operations, id_: str, olds: Mapping[str, Any], news: Mapping[str, Any]) -> Decided:
    decision = on.diff(id_, olds, news)
    return decision, detailed_diff(decision.diff, olds, news, on.schema)


def _config(found: Mapping[str, Any]) -> Config:
    """
    Return the settings of a provider under the keys of the stack config, as a provider of the dynamic host has them.
    """
    return lambda key: found.get(key.partition(":")[2], found.get(key))


def _changes(*, is_changed: bool) -> provider_pb2.DiffResponse.DiffChanges.ValueType:
    return provider_pb2.DiffResponse.DIFF_SOME if is_changed else provider_pb2.DiffResponse.DIFF_NONE
