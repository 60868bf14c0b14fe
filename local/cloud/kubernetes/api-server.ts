/**
 * The API server's one entry: who asks → may they → faults → admission → the rules of the object. It knows nothing of sockets and
 * bytes: all fronts hand it parsed requests. Source: Kubernetes documentation, "Controlling Access to the Kubernetes API".
 */
import type { Mutable } from "../contract.ts";
import type { Random } from "../random.ts";
import { duringCall } from "../call-draws.ts";
import { authenticate, type IdentitySource } from "./authentication.ts";
import { authorize } from "./authorization.ts";
import type { AdmissionReview, Identity, KubeContext } from "./context.ts";
import { deleteObject, type DeleteOptions } from "./deleting.ts";
import { documentAt, hasGroup } from "./discovery.ts";
import { roll } from "../rolling.ts";
import { evict, isEvictionDryRun } from "./evictions.ts";
import { runHooks } from "../faults.ts";
import { isMutatingCall } from "./journal.ts";
import type { AfterHook, BeforeHook, KubeCall, KubeJournalEntry } from "./journal.ts";
import type { Kind } from "./kinds.ts";
import { listObjects } from "./lists.ts";
import type { KubeObject, Pod } from "./objects.ts";
import { KubeRefusal, notAllowed, unknownPath, unknownResource } from "./refusals.ts";
import { isDryRun, targetOf } from "./requests.ts";
import type { Asked, KubeRequest, Target } from "./requests.ts";
import { reviewOf } from "./reviews.ts";
import { bind } from "./scheduling/binding.ts";
import { tableOf, wantsTable } from "./tables.ts";
import { watchOf, type Watch } from "./watches.ts";
import { createObject, existing, patchObject, updateObject, type Write } from "./writing.ts";

export interface KubeAnswer {
  readonly code: number;
  readonly headers: Readonly<Record<string, string>>;
  /** JSON, or plain text. */
  readonly body: object | string;
  /** Instead of the body: what the front goes on sending. */
  readonly watch?: Watch;
}

interface Passage {
  readonly request: KubeRequest;
  readonly identity: Identity;
  readonly isDryRun: boolean;
}

interface Surroundings {
  readonly source: IdentitySource;
  readonly pass: (milliseconds: number) => Promise<void>;
  readonly latencies: Random;
}

export class ApiServer {
  readonly journal: KubeJournalEntry[] = [];
  readonly before = new Set<BeforeHook>();
  readonly after = new Set<AfterHook>();
  readonly #context: KubeContext;
  readonly #around: Surroundings;

  constructor(context: KubeContext, around: Surroundings) {
    this.#context = context;
    this.#around = around;
  }

  /**
   * Every refusal is an answer.
   * @throws BrokenConnection where a hook broke it
   */
  async answer(request: KubeRequest): Promise<KubeAnswer> {
    await this.#around.pass(this.#around.latencies.integer(...this.#context.settings.latencyMs));
    this.#context.time.settle();
    try {
      return await this.#admitted(request);
    } catch (error) {
      if (!(error instanceof KubeRefusal)) throw error;
      const { code, headers, body } = error;
      return { code, headers, body };
    }
  }

  async #admitted(request: KubeRequest): Promise<KubeAnswer> {
    const target = targetOf(request);
    const dryRun = isDryRun(request) || isEvictionDryRun(request.body);
    const call: Mutable<KubeJournalEntry> = {
      ...callOf(target, request.body),
      request: {
        method: request.method,
        path: request.path,
        query: request.query.toString(),
        contentType: request.headers["content-type"] ?? "",
      },
      clusterName: this.#context.clusterName,
      isDryRun: dryRun,
      at: this.#context.time.now(),
      hadEffect: false,
    };
    this.journal.push(call);
    roll(this.journal, this.#context.settings.keptRequests);
    try {
      const identity = authenticate(this.#context, this.#around.source, request);
      call.username = identity.username;
      authorize(this.#context, identity, target);
      await runHooks(this.before, (hook) => hook(call), KubeRefusal);
      const passage = { request, identity, isDryRun: dryRun };
      const answer = await duringCall(String(call.at), () => this.#perform(target, passage));
      call.hadEffect = isMutatingCall(call);
      await runHooks(this.after, (hook) => hook(call, answer.body), KubeRefusal);
      call.code = answer.code;
      return answer;
    } catch (error) {
      if (error instanceof KubeRefusal) call.code = error.code;
      throw error;
    }
  }

  async #perform(target: Target, passage: Passage): Promise<KubeAnswer> {
    if (target.type === "PATH") return this.#document(target.path);
    const { asked, kind } = target;
    const { request, identity } = passage;
    const review = reviewOf(this.#context, identity, { asked, body: request.body });
    if (review !== undefined) return answered(201, review);
    if (kind === undefined) throw hasGroup(asked.group) ? unknownResource() : unknownPath();
    if (asked.subresource === "eviction" || asked.subresource === "binding") {
      return this.#podAction(kind, asked, passage);
    }
    if (!["", "status"].includes(asked.subresource)) throw unknownResource();
    return isReading(asked) ? this.#read(kind, asked, request) : this.#write(kind, asked, passage);
  }

  #document(path: string): KubeAnswer {
    const document = documentAt(path);
    if (document === undefined) throw unknownPath();
    return answered(200, document);
  }

  #read(kind: Kind, asked: Asked, request: KubeRequest): KubeAnswer {
    const { namespace, name, verb } = asked;
    const asTable = wantsTable(request.headers.accept);
    const nowMs = this.#context.time.now();
    if (verb === "watch") {
      const watch = watchOf(this.#context, { kind, namespace, query: request.query, asTable });
      return { ...answered(200, {}), watch };
    }
    if (verb === "get") {
      const object = existing(this.#context, { kind, namespace, name });
      return answered(200, asTable ? tableOf(kind.plural, [object], { nowMs }) : object);
    }
    const list = listObjects(this.#context, { kind, namespace }, request.query);
    if (!asTable) return answered(200, list);
    return answered(200, tableOf(kind.plural, list.items, { nowMs, listMetadata: list.metadata }));
  }

  #write(kind: Kind, asked: Asked, passage: Passage): KubeAnswer {
    const { request } = passage;
    const write = this.#writeOf(kind, asked, passage);
    switch (asked.verb) {
      case "create":
        if (asked.name !== "" && kind.plural !== "namespaces") throw notAllowed();
        return answered(201, createObject(this.#context, write, request.body));
      case "update":
        return answered(
          200,
          updateObject(this.#context, write, () => request.body),
        );
      case "patch": {
        const contentType = request.headers["content-type"] ?? "";
        const patch = { contentType, patch: request.body };
        return answered(200, patchObject(this.#context, write, patch));
      }
      case "delete":
        return answered(200, deleteObject(this.#context, write, deleteOptionsOf(request)));
      default:
        throw notAllowed();
    }
  }

  async #podAction(kind: Kind, asked: Asked, passage: Passage): Promise<KubeAnswer> {
    if (kind.plural !== "pods") throw unknownResource();
    if (asked.verb !== "create") throw notAllowed();
    const write = this.#writeOf(kind, asked, passage);
    const { body } = passage.request;
    if (asked.subresource === "binding") return answered(201, bind(this.#context, write, body));
    const { pass } = this.#around;
    const admit = (pod: Pod): void => {
      write.admit(pod);
    };
    return answered(201, await evict(this.#context, { ...write, admit, pass }, body));
  }

  #writeOf(
    kind: Kind,
    asked: Asked,
    passage: Passage,
  ): Write & { readonly admit: (object: KubeObject) => void } {
    const { namespace, name, subresource } = asked;
    const review = {
      operation: operationOf(asked),
      resource: asked.resource,
      subresource,
      namespace,
      name,
      isDryRun: passage.isDryRun,
      user: passage.identity,
    };
    return {
      kind,
      namespace,
      name,
      subresource,
      isDryRun: passage.isDryRun,
      user: passage.identity,
      admit: (object) => {
        for (const admission of this.#context.admissions) admission({ ...review, object });
      },
    };
  }
}

const isReading = ({ verb }: Asked): boolean => ["get", "list", "watch"].includes(verb);

const operationOf = ({ verb }: Asked): AdmissionReview["operation"] => {
  if (verb === "create") return "CREATE";
  return verb === "delete" ? "DELETE" : "UPDATE";
};

const answered = (code: number, body: object | string): KubeAnswer => ({ code, headers: {}, body });

const deleteOptionsOf = ({ query, body }: KubeRequest): DeleteOptions => {
  const seconds = query.get("gracePeriodSeconds");
  return {
    ...(seconds !== null && { gracePeriodSeconds: Number(seconds) }),
    ...(body as DeleteOptions | undefined),
  };
};

const callOf = (
  target: Target,
  body: unknown,
): Omit<KubeCall, "at" | "clusterName" | "isDryRun" | "request"> => {
  const username = "";
  if (target.type === "PATH") {
    const { verb, path } = target;
    return { verb, resource: path, namespace: "", name: "", username, body };
  }
  const { verb, resource, subresource, namespace, name } = target.asked;
  const whole = subresource === "" ? resource : `${resource}/${subresource}`;
  return { verb, resource: whole, namespace, name, username, body };
};
