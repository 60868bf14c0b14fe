/** Makes the reading calls of an invocation no faster than an account's request limits bear, API by API. */
import { timesOf } from "../../core/decide/switch/call-budget.ts";
import { SpotOptimizerError } from "../../core/errors.ts";
import type { ReadFamily } from "../../core/model/call-budget.ts";
import type { Place } from "../../core/model/place.ts";
import type { CustomerClients } from "../runtime/context.ts";
import { takeCalls, type BudgetContext } from "./calls.ts";

/** The API behind each client: both versions of ELB's are one. What a cluster's own API bears is the cluster's. */
const familyOf = {
  autoScaling: "AUTO_SCALING",
  classicElb: "ELB",
  cloudFormation: "CLOUD_FORMATION",
  cloudWatch: "CLOUD_WATCH",
  ec2: "DESCRIBE",
  eks: "EKS",
  elb: "ELB",
  kms: "KMS",
  resourceGroups: "RESOURCE_GROUPS",
  serviceQuotas: "SERVICE_QUOTAS",
  ssm: "SSM",
} as const satisfies Partial<Record<keyof CustomerClients, ReadFamily>>;
type PacedName = keyof typeof familyOf;

const isPaced = (name: string): name is PacedName => name in familyOf;

interface Blocks {
  readonly first: number;
  readonly further: number;
}

/** At first as many as a place with 1,000 instances takes, groups included: one write of each API for most. */
const ofEc2: Blocks = { first: 16, further: 25 };
const ofOthers: Blocks = { first: 8, further: 12 };

const yields = ({ accountId, region }: Place): SpotOptimizerError =>
  new SpotOptimizerError(
    "RetryableThrottled",
    `Others have taken what the request limits of account ${accountId} leave to readings in ${region}: it is read by the next one.`,
    { resource: region, isOwn: true },
  );

type ReadContext = BudgetContext & { readonly pause: (milliseconds: number) => Promise<void> };

interface ReadsOf {
  readonly place: Place;
  readonly family: ReadFamily;
  /** Where others have taken more than that, a reading yields. */
  readonly withinSeconds: number;
}

/** Each call waits for this first. @throws RetryableThrottled where there is no room soon enough */
const waitFor = (
  context: ReadContext,
  { place, family, withinSeconds }: ReadsOf,
): (() => Promise<void>) => {
  const { first, further } = family === "DESCRIBE" ? ofEc2 : ofOthers;
  let times: readonly number[] = [];
  let calls = first;
  const next = async (): Promise<void> => {
    if (times.length === 0) {
      times = timesOf(await takeCalls(context, family, { place, calls, withinSeconds }));
      calls = further;
    }
    const [at, ...others] = times;
    if (at === undefined) throw yields(place);
    times = others;
    const waitMs = at - context.now().getTime();
    if (waitMs > 0) await context.pause(waitMs);
  };
  let turn = Promise.resolve();
  return () => {
    // Those that ask at once are given their times one after the other; one that failed does not keep the others waiting.
    turn = turn.then(next, next);
    return turn;
  };
};

interface Sender {
  send: (...request: never[]) => unknown;
}

/** The same client, which waits before each call. */
const atPace = <Client extends Sender>(client: Client, wait: () => Promise<void>): Client => {
  const send = async (...request: never[]): Promise<unknown> => {
    await wait();
    return client.send(...request);
  };
  return new Proxy(client, {
    get: (of, name) => (name === "send" ? send : Reflect.get(of, name)) as unknown,
  });
};

type Paced = Partial<CustomerClients>;

/** The same clients, each of which waits before it asks. What one of them has taken ahead, and not used, is the next one's. */
export type AtPace = <Clients extends Paced>(clients: Clients) => Clients;

/** @param withinSeconds default: a minute */
export const readsAtPace = (
  context: ReadContext,
  place: Place,
  { withinSeconds = 60 }: { readonly withinSeconds?: number } = {},
): AtPace => {
  const waits = new Map<ReadFamily, () => Promise<void>>();
  const waitOf = (family: ReadFamily): (() => Promise<void>) => {
    const wait = waits.get(family) ?? waitFor(context, { place, family, withinSeconds });
    waits.set(family, wait);
    return wait;
  };
  return (clients) => {
    const paced = Object.entries(clients).map(([name, client]) => [
      name,
      isPaced(name) ? atPace(client as Sender, waitOf(familyOf[name])) : client,
    ]);
    return Object.fromEntries(paced) as typeof clients;
  };
};
