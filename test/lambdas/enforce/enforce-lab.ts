/** An account with instances that somebody or nobody owns, and the enforcer's functions as Lambda would run them. */
import * as z from "zod";
import { accountIdSchema, instanceIdSchema, type InstanceId } from "../../../core/model/ids.ts";
import { openAccount, type AccountOptions, type LabAccount } from "../../../local/lab/account.ts";
import { startMs } from "../../../local/lab/lab.ts";
import { smallMarket } from "../../../local/lab/small-market.ts";

type Declaration = Parameters<LabAccount["platform"]["ec2"]["control"]["addInstance"]>[0];

const minuteMs = 60_000;
const region = "us-east-1";
const topicArn = `arn:aws:sns:${region}:444455556666:spot-optimizer-notices`;

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
  readonly pass: (minutes: number) => Promise<void>;
  /** Findings by instance, through the API. */
  readonly findings: (query?: string) => Promise<ReadonlyMap<string, Shown>>;
  readonly enforcer: () => Promise<Readonly<Record<string, unknown>>>;
}

export const openEnforceLab = async (
  options: Partial<Pick<AccountOptions, "log" | "settings" | "table">> = {},
): Promise<EnforceLab> => {
  const account = await openAccount({
    market: smallMarket,
    seed: 1,
    startMs,
    region,
    version: "0.0.0",
    name: "enforce",
    front: "direct",
    throttle: false,
    ...options,
  });
  const { platform, clock, api } = account;
  const accountId = accountIdSchema.parse(account.accountId);
  const send = async (method: string, path: string, body?: unknown): Promise<unknown> => {
    const { status, text } = await api.send({ method, path, body });
    if (status >= 300) throw new Error(`${method} ${path} answered ${String(status)}: ${text}`);
    return JSON.parse(text);
  };
  return {
    ...account,
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
      await send("PUT", `/accounts/${accountId}/enforcer`, { topic_arn: topicArn, ...settings });
    },
    scan: async () =>
      z
        .object({ summary: z.string() })
        .parse(await platform.functions.invoke("enforce-scan-place", {})).summary,
    pass: (minutes) => clock.run({ atMostMs: clock.now() + minutes * minuteMs }),
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
