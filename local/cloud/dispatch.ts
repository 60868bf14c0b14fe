/**
 * The entry of the simulated cloud: every call of every service passes here, whichever front it came through.
 * Who calls → throttling → is the request well-formed → may the caller → dry run → the service's own handler.
 */
import type { Clock } from "./clock.ts";
import { callsOf, cloudRandom } from "./call-draws.ts";
import { type Random, uuidOf } from "./random.ts";
import { roll } from "./rolling.ts";
import { checkInput } from "../schemas/check.ts";
import { modelOf } from "../schemas/model.ts";
import type { ServiceId } from "../schemas/services.ts";
import { type Buckets, createBuckets } from "./buckets.ts";
import { type Call, type Caller, CloudError } from "./contract.ts";
import type { Authorization, Handler, Mutable, ServiceModule } from "./contract.ts";
import { type AfterHook, type BeforeHook, type FaultCall, type Faults } from "./faults.ts";
import { codeOf, runHooks } from "./faults.ts";
import { type Identities, type Principal, createIdentities } from "./iam/identities.ts";
import { type JournalEntry, isDryRun, isMutating, withoutExternalId } from "./journal.ts";
import { authorize } from "./iam/authorize.ts";
import { actionOf, everything } from "./iam/permissions.ts";
import { refuse } from "./refusals.ts";

export interface CloudRequest {
  readonly service: ServiceId;
  readonly operation: string;
  readonly region: string;
  /** Absent: the request is unsigned. */
  readonly accessKeyId?: string;
  readonly input: unknown;
  /** A front takes it beforehand from `newRequestId`, so that it can stand in the answer. */
  readonly requestId?: string;
}

export interface Cloud {
  readonly clock: Clock;
  readonly random: Random;
  readonly identities: Identities;
  readonly journal: readonly JournalEntry[];
  readonly faults: Faults;
  /** @throws CloudError a refusal; BrokenConnection if a hook broke it */
  call(request: CloudRequest): Promise<unknown>;
  newRequestId(): string;
  /** A call of a cloud that began alike, and what came of it there: it takes its time and is written down, and nothing else happens. */
  recall(call: JournalEntry): Promise<void>;
  /** A reading of a cloud that began alike, and its answer there: hooks hear of it too, and the service itself is not asked. */
  recallReading(request: CloudRequest, output: unknown): Promise<void>;
  /** @throws Error for an operation that is served already */
  serve(...modules: readonly ServiceModule[]): void;
}

export interface CloudOptions {
  readonly clock: Clock;
  readonly seed: number;
  readonly ownAccountId?: string;
  /** EC2's token buckets; on unless told otherwise. */
  readonly throttle?: boolean;
  /** How long a call takes on the cloud's clock: drawn for each call. Nothing unless told. */
  readonly latencyMs?: readonly [min: number, max: number];
  /** How many calls the journal keeps, the youngest. Default: all. */
  readonly keptCalls?: number;
  /** What a call draws depends on the call and its time alone, of which no other call has the same. Default: false. */
  readonly drawsPerCall?: boolean;
  /** Of a key, by its id. Default: from the seed, which everybody knows. */
  readonly secretOf?: ((accessKeyId: string) => string) | undefined;
}

interface Operation {
  readonly handler: Handler<unknown, unknown>;
  readonly authorization: Authorization<unknown>;
  readonly dryRun: Handler<unknown, unknown> | undefined;
}

export const createCloud = (options: CloudOptions): Cloud => {
  const random = cloudRandom(options.seed, options.drawsPerCall ?? false);
  const door = new Door(options, random);
  return {
    clock: options.clock,
    random: random.fork("cloud"),
    identities: door.identities,
    journal: door.journal,
    faults: {
      before: (hook) => door.add(door.beforeHooks, hook),
      after: (hook) => door.add(door.afterHooks, hook),
    },
    call: (request) => door.call(request),
    newRequestId: () => door.newRequestId(),
    recall: (call) => door.recall(call),
    recallReading: (request, output) => door.recallReading(request, output),
    serve: (...modules) => {
      door.serve(modules);
    },
  };
};

class Door {
  readonly identities: Identities;
  readonly journal: JournalEntry[] = [];
  readonly beforeHooks = new Set<BeforeHook>();
  readonly afterHooks = new Set<AfterHook>();
  readonly #options: CloudOptions;
  readonly #requestIds: Random;
  readonly #latencies: Random;
  readonly #during: ReturnType<typeof callsOf>;
  readonly #buckets: Buckets;
  readonly #modules = new Map<ServiceId, readonly ServiceModule[]>();
  readonly #operations = new Map<ServiceId, Map<string, Operation>>();

  constructor(options: CloudOptions, random: Random) {
    this.#options = options;
    this.#requestIds = random.fork("request-ids");
    this.#latencies = random.fork("latencies");
    this.#during = callsOf(options.drawsPerCall ?? false);
    this.#buckets = createBuckets(options.clock);
    this.identities = createIdentities({
      ownAccountId: options.ownAccountId ?? "111122223333",
      random: random.fork("identities"),
      secretOf: options.secretOf,
    });
  }

  serve(modules: readonly ServiceModule[]): void {
    for (const module of modules) {
      const { service, operations } = module;
      const others = this.#modules.get(service) ?? [];
      for (const other of others) {
        const twice = Object.keys(operations).find((name) => Object.hasOwn(other.operations, name));
        if (twice !== undefined) throw new Error(`${service}:${twice} is served twice`);
      }
      this.#modules.set(service, [...others, module]);
    }
  }

  /** Of hundreds of operations a cloud is asked for a few: they are looked up when they are called. */
  #served(service: ServiceId, name: string): Operation | undefined {
    const ofService = this.#operations.get(service) ?? new Map<string, Operation>();
    this.#operations.set(service, ofService);
    const known = ofService.get(name);
    if (known !== undefined) return known;
    const module = this.#modules
      .get(service)
      ?.find(({ operations }) => Object.hasOwn(operations, name));
    if (module === undefined) return undefined;
    const { operations, authorization = {}, dryRuns = {} } = module;
    // The input was checked against the schema that these types were made from.
    const operation = {
      handler: operations[name],
      authorization: authorization[name] ?? onNoResource,
      dryRun: dryRuns[name],
    } as unknown as Operation;
    ofService.set(name, operation);
    return operation;
  }

  add<Hook>(hooks: Set<Hook>, hook: Hook): () => void {
    hooks.add(hook);
    return () => {
      hooks.delete(hook);
    };
  }

  newRequestId(): string {
    return uuidOf(this.#requestIds);
  }

  async recall(call: JournalEntry): Promise<void> {
    const requestId = this.newRequestId();
    await this.#takeTime();
    this.#write({ ...call, at: this.#options.clock.now(), requestId });
  }

  async recallReading(request: CloudRequest, output: unknown): Promise<void> {
    await this.#takeTime();
    const caller = this.#principalOf(request)?.caller;
    const entry = this.#note(request, caller);
    if (caller === undefined) throw new Error(`Nobody calls ${entry.operation}.`);
    this.#takeTokens(request, { accountId: caller.accountId, entry });
    const { service, operation, region, input = {} } = request;
    const { requestId, at } = entry;
    const call: FaultCall = { service, operation, region, caller, requestId, at, input };
    await this.#hear(this.beforeHooks, (hook) => hook(call));
    entry.hadEffect = true;
    await this.#hear(this.afterHooks, (hook) => hook(call, output));
  }

  #write(entry: JournalEntry): void {
    this.journal.push(entry);
    roll(this.journal, this.#options.keptCalls ?? Infinity);
  }

  async #takeTime(): Promise<void> {
    const { latencyMs, clock } = this.#options;
    if (latencyMs !== undefined) await clock.pass(this.#latencies.integer(...latencyMs));
  }

  #hear<Hook>(hooks: ReadonlySet<Hook>, tell: (hook: Hook) => void | Promise<void>): Promise<void> {
    return runHooks(hooks, tell, CloudError);
  }

  async call(request: CloudRequest): Promise<unknown> {
    await this.#takeTime();
    const claimed = this.#principalOf(request);
    const entry = this.#note(request, claimed?.caller);
    try {
      const principal = this.#valid(request, claimed);
      this.#takeTokens(request, { accountId: principal.caller.accountId, entry });
      return await this.#perform(request, { principal, entry });
    } catch (error) {
      entry.errorCode = codeOf(error) ?? "InternalError";
      throw error;
    }
  }

  #principalOf({ service, operation, accessKeyId }: CloudRequest): Principal | undefined {
    if (accessKeyId !== undefined) return this.identities.principal(accessKeyId);
    return isUnsigned(service, operation) ? anybody : undefined;
  }

  #note(request: CloudRequest, caller: Caller | undefined): Mutable<JournalEntry> {
    const { service, operation, region, input } = request;
    const entry: Mutable<JournalEntry> = {
      at: this.#options.clock.now(),
      service,
      operation,
      accountId: caller?.accountId ?? "unknown",
      region,
      mutating: isMutating(operation),
      dryRun: isDryRun(service, input),
      input: withoutExternalId(input),
      requestId: request.requestId ?? this.newRequestId(),
      ...(caller?.roleArn !== undefined && { roleArn: caller.roleArn }),
      ...(caller?.sessionName !== undefined && { sessionName: caller.sessionName }),
      hadEffect: false,
    };
    this.#write(entry);
    return entry;
  }

  #takeTokens(
    { service, operation, region, input }: CloudRequest,
    { accountId, entry }: { accountId: string; entry: JournalEntry },
  ): void {
    if (service !== "ec2" || this.#options.throttle === false) return;
    const request = { accountId, region, operation, mutating: entry.mutating, input: input ?? {} };
    if (!this.#buckets.take(request)) {
      throw refuse(service, "THROTTLED", "Request limit exceeded.");
    }
  }

  /** The caller is known and their key hasn't expired. */
  #valid(request: CloudRequest, principal: Principal | undefined): Principal {
    const { service, accessKeyId } = request;
    if (accessKeyId === undefined && principal === undefined) {
      throw refuse(service, "UNSIGNED", "Request is missing Authentication Token");
    }
    if (principal === undefined) {
      const message =
        service === "ec2"
          ? "AWS was not able to validate the provided access credentials"
          : "The security token included in the request is invalid.";
      throw refuse(service, "UNKNOWN_KEY", message);
    }
    if ((principal.expiresAtMs ?? Infinity) <= this.#options.clock.now()) {
      const message =
        service === "ec2"
          ? "Request has expired."
          : "The security token included in the request is expired";
      throw refuse(service, "EXPIRED", message);
    }
    return principal;
  }

  async #perform(
    request: CloudRequest,
    { principal, entry }: { principal: Principal; entry: Mutable<JournalEntry> },
  ): Promise<unknown> {
    const { service, operation, region } = request;
    const { requestId, at } = entry;
    const call: Call = { service, operation, region, caller: principal.caller, requestId, at };
    const { handler, authorization, dryRun } = await this.#operationOf(request);
    const input = request.input ?? {};
    authorize(call, principal, () => authorization(call, input));
    const faultCall: FaultCall = { ...call, input };
    await this.#hear(this.beforeHooks, (hook) => hook(faultCall));
    if (entry.dryRun) {
      await dryRun?.(call, input);
      const message = "Request would have succeeded, but DryRun flag is set.";
      throw new CloudError("DryRunOperation", message, 412);
    }
    const output = await this.#during(String(at), () => handler(call, input));
    entry.hadEffect = true;
    await this.#hear(this.afterHooks, (hook) => hook(faultCall, output));
    return output;
  }

  async #operationOf({ service, operation, input }: CloudRequest): Promise<Operation> {
    const shape = (await modelOf(service)).operations.get(operation)?.input;
    if (shape === undefined) {
      const message = `The action ${operation} is not valid for this web service.`;
      throw refuse(service, "UNKNOWN_OPERATION", message);
    }
    const served = this.#served(service, operation);
    if (served === undefined) {
      const message = `${service}:${operation} is not part of the simulated cloud.`;
      throw refuse(service, "UNKNOWN_OPERATION", message);
    }
    const fault = checkInput(shape, input ?? {});
    if (fault !== undefined) throw refuse(service, fault.kind, fault.sentence);
    return served;
  }
}

/** Of STS: they prove who calls by other means than a signature. */
const unsignedOperations: ReadonlySet<string> = new Set([
  "AssumeRoleWithSAML",
  "AssumeRoleWithWebIdentity",
]);

export const isUnsigned = (service: ServiceId, operation: string): boolean =>
  service === "sts" && unsignedOperations.has(operation);

const anybody: Principal = {
  caller: { accountId: "anonymous", arn: "anonymous" },
  permissions: () => [everything],
};

const onNoResource: Authorization<unknown> = (call) => [
  { action: actionOf(call), resources: [{ arn: "*", key: () => undefined }] },
];
