/** An account with instances that somebody or nobody owns, and the enforcer's functions as Lambda would run them. */
import * as z from "zod";
import { accountIdSchema, instanceIdSchema, type InstanceId } from "../../../core/model/ids.ts";
import { openAccount, type AccountOptions, type LabAccount } from "../../../local/lab/account.ts";
import { startMs } from "../../../local/lab/lab.ts";
import { nameOfBegin, recallRepeated } from "../../../local/lab/recordings.ts";
import { marketOf, smallMarketTypes } from "../../../local/lab/small-market.ts";
import { everyPart } from "../../../local/platform/customer-account.ts";

type Declaration = Parameters<LabAccount["platform"]["ec2"]["control"]["addInstance"]>[0];

const minuteMs = 60_000;
const region = "us-east-1";

/** With one type that has disks in instance store. */
const market = marketOf([...smallMarketTypes, "g4dn.xlarge"]);

const listSchema = z.object({
  items: z.array(
    z.object({
      kind: z.string(),
      finding: z.looseObject({ instance_id: z.string(), status: z.string() }).optional(),
    }),
  ),
});

type Shown = NonNullable<z.infer<typeof listSchema>["items"][number]["finding"]>;

export interface EnforceLab extends Pick<LabAccount, "platform" | "clock" | "table" | "api"> {
  readonly place: {
    readonly accountId: ReturnType<typeof accountIdSchema.parse>;
    readonly region: string;
  };
  /** Of m5.large, a month old, with a name and nothing else unless told. */
  readonly add: (count: number, change?: Partial<Declaration>) => readonly InstanceId[];
  readonly set: (settings: object) => Promise<void>;
  /** What the function answered. */
  readonly scan: () => Promise<string>;
  readonly carryOut: () => Promise<string>;
  /** Subjects of what the topic has accepted, in order. */
  readonly told: () => readonly string[];
  readonly topicArn: string;
  readonly stateOf: (instanceId: string) => string | undefined;
  /** As whom; by default as nobody. */
  readonly send: (
    method: string,
    path: string,
    body?: unknown,
    as?: string,
  ) => Promise<{ readonly status: number; readonly body: unknown }>;
  readonly pass: (minutes: number) => Promise<void>;
  /** Findings by instance, through the API. */
  readonly findings: (query?: string) => Promise<ReadonlyMap<string, Shown>>;
  readonly enforcer: () => Promise<Readonly<Record<string, unknown>>>;
}

export const openEnforceLab = async (
  options: Partial<Pick<AccountOptions, "around" | "log" | "ownTable" | "settings" | "table">> = {},
): Promise<EnforceLab> => {
  const account = await openAccount({
    market,
    seed: 1,
    startMs,
    region,
    version: "0.0.0",
    name: "enforce",
    front: "direct",
    throttle: false,
    parameters: everyPart,
    isRecalled: true,
    ...options,
  });
  const { platform, clock, api } = account;
  const accountId = accountIdSchema.parse(account.accountId);
  const topicArn = platform.sns.addTopic({ accountId, region, name: "spot-optimizer-notices" });
  const ask: EnforceLab["send"] = async (method, path, body, as) => {
    const headers = as === undefined ? {} : { "spot-optimizer-identity": as };
    const { status, text } = await api.send({ method, path, body, headers });
    return { status, body: JSON.parse(text) };
  };
  const send = async (method: string, path: string, body?: unknown, as?: string) => {
    const answer = await ask(method, path, body, as);
    if (answer.status < 300) return answer.body;
    throw new Error(`${method} ${path} answered ${JSON.stringify(answer)}`);
  };
  const invoke = async (name: string): Promise<string> =>
    z.object({ summary: z.string() }).parse(await platform.functions.invoke(name, {})).summary;
  const pass = (minutes: number): Promise<void> =>
    clock.run({ atMostMs: clock.now() + minutes * minuteMs });
  const scan = () => invoke("enforce-scan-place");
  const carryOut = () => invoke("enforce-carry-out");
  return {
    ...account,
    scan,
    carryOut,
    pass,
    topicArn,
    send: ask,
    told: () => platform.sns.accepted(topicArn).map(({ subject = "" }) => subject),
    stateOf: (instanceId) => platform.ec2.control.stateOf(instanceId),
    place: { accountId, region },
    add: (count, change = {}) =>
      Array.from({ length: count }, () =>
        instanceIdSchema.parse(
          platform.ec2.control.addInstance({
            accountId,
            region,
            instanceType: "m5.large",
            tags: { Name: "web" },
            ...change,
          }),
        ),
      ),
    set: async (settings) => {
      const body = { topic_arn: topicArn, ...settings };
      await send("PUT", `/accounts/${accountId}/enforcer`, body, "ada");
    },
    findings: async (query = "") => {
      const { items } = listSchema.parse(await send("GET", `/governance${query}`));
      return new Map(
        items.flatMap(({ finding }) =>
          finding === undefined ? [] : [[finding.instance_id, finding]],
        ),
      );
    },
    enforcer: async () =>
      z.record(z.string(), z.unknown()).parse(await send("GET", `/accounts/${accountId}/enforcer`)),
  };
};

/** Hourly, which is as often as a place is read. */
export const live = async (lab: EnforceLab, hours: number): Promise<void> => {
  for (let hour = 0; hour < hours; hour += 1) {
    await lab.scan();
    await lab.carryOut();
    await lab.pass(60);
  }
};

const weekHours = 7 * 24;

/** The week of flags alone, of which the readings that a grace needs are made: with the next one it is over. */
export const passWeek = async (lab: EnforceLab): Promise<void> => {
  await live(lab, 20);
  await lab.pass((weekHours - 21) * 60);
  await live(lab, 1);
};

interface Week {
  readonly unowned?: number;
  readonly owned?: number;
  readonly settings?: object;
}

/**
 * Of fifty, one of which nobody owns, or more of more: its grace is over, and with the next reading comes the last notice. Nobody looks
 * at that week.
 * @param tables in which it is kept, where something happens at them afterwards
 */
export const afterWeek = (
  change: Partial<Declaration> = {},
  { unowned = 1, owned = 49, settings = {} }: Week = {},
  tables: Pick<AccountOptions, "ownTable" | "table"> = {},
) => {
  const week = { market, change, unowned, owned, settings };
  return recallRepeated(nameOfBegin("a week of the enforcer", week), async (runs) => {
    const lab = await openEnforceLab({ ...tables, ...(runs !== undefined && { around: runs }) });
    lab.add(owned, { tags: { team: "shop" } });
    const ids = lab.add(unowned, change);
    await lab.set({ mode: "ON", allowed_tags: [{ key: "team" }], ...settings });
    await passWeek(lab);
    return { lab, ids, id: ids[0] ?? "" };
  });
};

export const stopsOf = ({ platform: { cloud } }: EnforceLab) =>
  cloud.journal.filter(({ operation }) => operation === "StopInstances");
