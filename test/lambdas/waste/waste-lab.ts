/** One account that has turned the waste scanner on, in virtual time, and days that pass in it. */
import * as z from "zod";
import { approvalSettingsSchema } from "../../../core/model/approval-settings.ts";
import { accountIdSchema } from "../../../core/model/ids.ts";
import type { WasteKind } from "../../../core/model/waste/finding.ts";
import { setApprovalSettings } from "../../../adapters/store/approval-settings.ts";
import {
  wasteFindingJsonSchema,
  wastePageSchema,
  type WasteFindingJson,
} from "../../../lambdas/api/schemas/waste.ts";
import { openAccount, type AccountOptions, type LabAccount } from "../../../local/lab/account.ts";
import { smallMarket } from "../../../local/lab/small-market.ts";
import { applyEventTemplate, applyRoleTemplate } from "../../../local/platform/customer-account.ts";

const region = "us-east-1";
export const dayMs = 86_400_000;
const minuteMs = 60_000;
const startMs = Date.parse("2026-03-02T09:00:00Z");

export interface WasteLab {
  readonly account: LabAccount;
  readonly place: { readonly accountId: string; readonly region: string };
  readonly control: LabAccount["platform"]["ec2"]["control"];
  /** One run of the scanner. */
  readonly scan: () => Promise<string>;
  /** Days with a scan each. */
  readonly scanDays: (days: number) => Promise<void>;
  /** Runs of the carry-out, five minutes apart. */
  readonly carryOut: (runs?: number) => Promise<void>;
  /** The same, each time two of them at once. */
  readonly carryOutTwice: (runs: number) => Promise<void>;
  readonly pass: (ms: number) => Promise<void>;
  readonly list: (query?: string) => Promise<z.infer<typeof wastePageSchema>>;
  /** Of a resource, whatever its status. */
  readonly findingOf: (resourceId: string) => Promise<WasteFindingJson | undefined>;
  /** The first finding of a kind as it is listed. @throws Error where there is none */
  readonly offered: (kind: WasteKind) => Promise<WasteFindingJson>;
  readonly send: (
    method: string,
    path: string,
    body?: unknown,
    who?: string,
  ) => Promise<{ readonly status: number; readonly body: unknown }>;
  readonly approve: (finding: WasteFindingJson, who?: string) => Promise<number>;
  /** By the account's owner, past our product. */
  readonly asOwner: (operation: string, input: unknown) => Promise<unknown>;
  /** Changes in the customer's account since the last time it was asked. */
  readonly changes: () => readonly string[];
}

const statuses = [
  "SEEN",
  "KEPT",
  "OFFERED",
  "REPORTED",
  "DISMISSED",
  "DELETING",
  "DELETED",
  "CLOSED",
];

const answersOf =
  (account: LabAccount): WasteLab["send"] =>
  async (method, path, body, who) => {
    const { status, text } = await account.api.send({
      method,
      path,
      ...(body !== undefined && { body }),
      ...(who !== undefined && { headers: { "spot-optimizer-identity": who } }),
    });
    return { status, body: JSON.parse(text) as unknown };
  };

export const openWasteLab = async (
  options: Partial<
    Pick<AccountOptions, "around" | "front" | "log" | "ownTable" | "table" | "throttle">
  > & {
    readonly isOn?: boolean;
  } = {},
): Promise<WasteLab> => {
  const { isOn = true, ...rest } = options;
  const account = await openAccount({
    market: smallMarket,
    seed: 1,
    startMs,
    region,
    version: "test",
    name: "shop",
    front: "direct",
    throttle: false,
    settings: { visibilityMs: [0, 0] },
    isRecalled: true,
    ...rest,
  });
  const { platform, clock, accountId, table } = account;
  const yaml = await account.api.getText(`/accounts/${accountId}/role-template`);
  const applied = { accountId, yaml, parameters: { AllowWaste: "true" } };
  applyRoleTemplate(platform.cloud, applied);
  applyEventTemplate(platform, { ...applied, region });
  const send = answersOf(account);
  if (isOn) await send("PUT", `/accounts/${accountId}/waste`, { enabled: true }, "eve");
  await setApprovalSettings(
    table,
    accountIdSchema.parse(accountId),
    approvalSettingsSchema().parse({ approvers: [], updatedAt: new Date(startMs).toISOString() }),
  );
  const pass = (ms: number): Promise<void> => clock.run({ atMostMs: clock.now() + ms });
  const run = async (name: "waste-scan-place" | "waste-carry-out"): Promise<string> =>
    z.object({ summary: z.string() }).parse(await platform.functions.invoke(name, {})).summary;
  const list: WasteLab["list"] = async (query = "") =>
    wastePageSchema.parse((await send("GET", `/waste${query}`)).body);
  const { accessKeyId } = platform.cloud.identities.addUser({ accountId, name: "administrator" });
  const journal = platform.cloud.journal;
  let seen = journal.length;
  return {
    account,
    place: { accountId, region },
    control: platform.ec2.control,
    scan: () => run("waste-scan-place"),
    scanDays: async (days) => {
      for (let day = 0; day < days; day += 1) {
        await pass(dayMs);
        await run("waste-scan-place");
      }
    },
    carryOut: async (runs = 1) => {
      for (let count = 0; count < runs; count += 1) {
        await pass(5 * minuteMs);
        await run("waste-carry-out");
      }
    },
    carryOutTwice: async (runs) => {
      for (let count = 0; count < runs; count += 1) {
        await pass(5 * minuteMs);
        await Promise.all([run("waste-carry-out"), run("waste-carry-out")]);
      }
    },
    pass,
    list,
    findingOf: async (resourceId) => {
      for (const status of statuses) {
        const { items } = await list(`?status=${status}&limit=100`);
        const found = items.find((one) => one.resource_id === resourceId);
        if (found !== undefined) return found;
      }
      return undefined;
    },
    offered: async (kind) => {
      const [found] = (await list(`?kind=${kind}`)).items;
      if (found === undefined) throw new Error(`No ${kind} is shown.`);
      return wasteFindingJsonSchema.parse(found);
    },
    send,
    approve: async (finding, who = "ada") => {
      const body = { bounds_hash: finding.bounds_hash };
      return (await send("POST", `/waste/${finding.finding_id}/approve`, body, who)).status;
    },
    asOwner: (operation, input) =>
      platform.cloud.call({ service: "ec2", operation, region, accessKeyId, input }),
    changes: () => {
      const made = journal
        .slice(seen)
        .filter((entry) => entry.roleArn !== undefined && entry.mutating)
        .filter((entry) => entry.accountId === accountId)
        .map(({ operation }) => operation);
      seen = journal.length;
      return made;
    },
  };
};
