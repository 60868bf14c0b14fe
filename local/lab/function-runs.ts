/**
 * What functions did in one laboratory, for others that begin alike and to which something happens only later. A function that is recalled
 * decides nothing: its changes are made, its readings take their time and are heard of, what it wrote is written.
 */
import { isDeepStrictEqual } from "node:util";
import type { Table } from "../../adapters/store/table.ts";
import { runStep } from "../../lambdas/runtime/step.ts";
import type { Cloud, CloudRequest } from "../cloud/dispatch.ts";
import { isMutating } from "../cloud/journal.ts";
import type { KubeAnswer } from "../cloud/kubernetes/api-server.ts";
import type { KubeCluster } from "../cloud/kubernetes/cluster.ts";
import type { KubeRequest } from "../cloud/kubernetes/requests.ts";
import type { Random } from "../cloud/random.ts";
import type { Around } from "../platform/functions.ts";
import { currentInvocation, outsideInvocations, type Invocation } from "../platform/invocation.ts";
import type { AnyStep } from "../platform/steps.ts";
import {
  answeredAgain,
  askedAgain,
  asReading,
  callerOf,
  kindOf,
  notEnded,
  ownRequest,
  refusedAgain,
} from "./recalled-acts.ts";
import type { Act, Again, Context, FunctionRun, Place } from "./recalled-runs.ts";

const other = { kind: "OTHER" } as const;

const isOver = (run: FunctionRun | undefined): run is FunctionRun => run !== undefined;

interface Invoked {
  readonly invocation: Invocation;
  readonly step: AnyStep;
  readonly context: Context;
  readonly event: unknown;
}

/** What one laboratory's functions do: recalled as far as that goes, and noted. */
export class FunctionRuns implements Around {
  readonly #recalled: readonly FunctionRun[];
  /** In the order in which they began. */
  readonly #runs: (FunctionRun | undefined)[] = [];
  readonly #acts = new WeakMap<Invocation, Act[]>();
  readonly #opened = new Set<string>();
  readonly #streams = new Map<string, Random>();
  #cloud: Cloud | undefined;
  #table: Table | undefined;
  #clusterAt: Place["clusterAt"] = () => undefined;

  #isNoted: boolean;

  /** @param isNoted whether somebody wants to know what its functions do beyond that */
  constructor(recalled: readonly FunctionRun[] = [], isNoted = true) {
    this.#recalled = recalled;
    this.#isNoted = isNoted;
  }

  /** Up to the first that has not ended, or was killed. */
  get all(): readonly FunctionRun[] {
    const end = this.#runs.findIndex((run) => !isOver(run));
    return this.#runs.slice(0, end < 0 ? this.#runs.length : end).filter(isOver);
  }

  /** Nobody wants to know what they do from here on. */
  stopNoting(): void {
    this.#isNoted = false;
  }

  cloud(cloud: Cloud): Cloud {
    this.#cloud = cloud;
    return {
      ...cloud,
      random: { ...cloud.random, fork: (name) => this.#noted(name) },
      call: (request) => this.#call(cloud, request),
    };
  }

  table(table: Table): Table {
    this.#table = table;
    return {
      packing: table.packing,
      get: (key, reading) => table.get(key, reading),
      query: (input) => table.query(input),
      put: async (item, condition) => {
        const end = this.#note(notEnded, { kind: "WRITE" });
        const answer = await table.put(item, condition);
        if (end === undefined) return answer;
        // Who writes it once more shares what stands in the table.
        const found =
          answer.kind === "WRITTEN" ? await outsideInvocations(() => table.get(item)) : undefined;
        const standing = found ?? item;
        end((place) => answeredAgain(answer, () => place.table.put(standing, condition)));
        return answer;
      },
      delete: async (key, condition) => {
        const end = this.#note(notEnded);
        const answer = await table.delete(key, condition);
        end?.((place) => answeredAgain(answer, () => place.table.delete(key, condition)));
        return answer;
      },
    };
  }

  clusterAt(clusterAt: Place["clusterAt"]): Place["clusterAt"] {
    this.#clusterAt = clusterAt;
    return (endpoint) => {
      const cluster = clusterAt(endpoint);
      return cluster && { ...cluster, answer: (request) => this.#ask(cluster, endpoint, request) };
    };
  }

  run(step: AnyStep, context: Context, event: unknown): Promise<unknown> {
    const invocation = currentInvocation();
    if (invocation === undefined) return runStep(step, context, event);
    const nth = this.#runs.length;
    const recalled = this.#recalled[nth];
    this.#runs.push(recalled);
    const invoked = { invocation, step, context, event };
    if (recalled !== undefined) return this.#recallRun(recalled, invoked);
    return this.#isNoted ? this.#noteRun(nth, invoked) : runStep(step, context, event);
  }

  async #noteRun(nth: number, invoked: Invoked): Promise<unknown> {
    const { invocation, step, context, event } = invoked;
    const { clock } = this.#ownCloud();
    const acts: Act[] = [];
    this.#acts.set(invocation, acts);
    const beganMs = clock.now();
    const ended = (end: FunctionRun["end"]): void => {
      const { name } = invocation;
      this.#runs[nth] = { name, event, beganMs, endedMs: clock.now(), acts, end };
    };
    try {
      const output = await runStep(step, this.#notedContext(context), event);
      ended({ output });
      return output;
    } catch (error) {
      ended({ error });
      throw error;
    }
  }

  async #recallRun(run: FunctionRun, invoked: Invoked): Promise<unknown> {
    const { name } = invoked.invocation;
    const { clock } = this.#ownCloud();
    try {
      const isSame = name === run.name && isDeepStrictEqual(invoked.event, run.event);
      if (!isSame || clock.now() !== run.beganMs) throw new Error(`It was ${run.name} before.`);
      await this.#doAgain(run, invoked);
    } catch (error) {
      const cause = new Error(`${name} cannot be recalled: it is not as before.`, {
        cause: error,
      });
      // The function's failure alone would be met by the workflow.
      clock.schedule(clock.now(), () => {
        throw cause;
      });
      throw cause;
    }
    if ("error" in run.end) throw run.end.error;
    return run.end.output;
  }

  async #doAgain({ acts, endedMs }: FunctionRun, { context }: Invoked): Promise<void> {
    const cloud = this.#ownCloud();
    const { clock } = cloud;
    const table = this.#table ?? context.table;
    const place: Place = {
      ...{ cloud, table, context },
      clusterAt: this.#clusterAt,
      streamOf: (name) => this.#streamOf(name),
    };
    const until = async (atMs: number): Promise<void> => {
      if (atMs > clock.now()) await clock.pass(atMs - clock.now());
    };
    const doing: Promise<unknown>[] = [];
    for (const [nth, { atMs, again }] of acts.entries()) {
      // While nobody runs the clock each takes its time when it begins.
      await Promise.all(doing.filter((_, index) => acts[index]?.overBefore === nth));
      await until(atMs);
      const act = Promise.resolve(again(place));
      doing.push(act);
      // Met below, when the others are under way.
      act.catch(() => undefined);
    }
    await Promise.all(doing);
    await until(endedMs);
  }

  #ownCloud(): Cloud {
    if (this.#cloud === undefined) throw new Error("No functions are made yet.");
    return this.#cloud;
  }

  #streamOf(name: string): Random {
    const stream = this.#streams.get(name) ?? this.#ownCloud().random.fork(name);
    this.#streams.set(name, stream);
    return stream;
  }

  #noted(name: string): Random {
    const stream = this.#streamOf(name);
    return {
      ...stream,
      hex: (digits) => {
        this.#note((place) => place.streamOf(name).hex(digits));
        return stream.hex(digits);
      },
    };
  }

  /** Returns its end. Nothing to note where a function is recalled, and outside of functions. */
  #note(
    again: Again,
    what: Pick<Act, "kind" | "operation"> = other,
  ): ((again: Again) => void) | undefined {
    const invocation = currentInvocation();
    const acts = invocation && this.#acts.get(invocation);
    if (acts === undefined) return undefined;
    const act: Act = { ...what, atMs: this.#ownCloud().clock.now(), again };
    acts.push(act);
    return (ended) => {
      act.again = ended;
      act.overBefore = acts.length;
    };
  }

  async #call(cloud: Cloud, request: CloudRequest): Promise<unknown> {
    // The way into an account is noted as a whole: its clients are kept for the next run.
    const isEntry = request.operation === "AssumeRole";
    const kind = isEntry ? "OTHER" : kindOf(cloud, request);
    const { operation } = request;
    const end = isEntry ? undefined : this.#note(notEnded, { kind, operation });
    if (end === undefined) return cloud.call(request);
    // An account's first call opens its region.
    const isMade = isMutating(request.operation) || this.#isFirst(cloud, request);
    const made = (to: Cloud) => () => to.call(ownRequest(request, to));
    try {
      const output = await cloud.call(request);
      end(({ cloud: to }) =>
        isMade ? made(to)() : to.recallReading(asReading(request, to), output),
      );
      return output;
    } catch (error) {
      end(({ cloud: to }) => refusedAgain(error, made(to)));
      throw error;
    }
  }

  async #ask(cluster: KubeCluster, endpoint: string, request: KubeRequest): Promise<KubeAnswer> {
    const end = this.#note(notEnded);
    const answer = await cluster.answer(request);
    end?.(({ clusterAt }) => askedAgain(clusterAt(endpoint), request, answer.code));
    return answer;
  }

  #isFirst(cloud: Cloud, request: CloudRequest): boolean {
    const place = [callerOf(cloud, request)?.accountId, request.service, request.region].join(" ");
    const isFirst = !this.#opened.has(place);
    this.#opened.add(place);
    return isFirst;
  }

  #notedContext(context: Context): Context {
    const { log } = context;
    const noted =
      (level: "info" | "warn" | "error"): typeof log.info =>
      (...said) => {
        this.#note((place) => {
          place.context.log[level](...said);
        });
        log[level](...said);
      };
    return {
      ...context,
      log: { info: noted("info"), warn: noted("warn"), error: noted("error") },
      customer: (...account) => {
        const again: Again = (place) => place.context.customer(...account);
        const end = this.#note(again);
        const clients = context.customer(...account);
        // Where it was refused it is once more: that is not recalled.
        clients.then(
          () => end?.(again),
          () => undefined,
        );
        return clients;
      },
      forgetSessions: (account) => {
        this.#note((place) => {
          place.context.forgetSessions(account);
        });
        context.forgetSessions(account);
      },
      marketEc2: (region) => {
        this.#note((place) => place.context.marketEc2(region));
        return context.marketEc2(region);
      },
      randomId: () => {
        this.#note((place) => place.context.randomId());
        return context.randomId();
      },
    };
  }
}
