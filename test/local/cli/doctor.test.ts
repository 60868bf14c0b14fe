/** The doctor: what it says of the simulated account, and of an account where something is wrong. */
import { beforeAll, describe, expect, it } from "@jest/globals";
import { createLab } from "../../../local/lab/lab.ts";
import type { Lab } from "../../../local/lab/contract.ts";
import { plain } from "../../../local/lab/scenarios.ts";
import { verificationChecks, statusCheck } from "../../../local/cli/doctor/account.ts";
import { preflightChecks } from "../../../local/cli/doctor/fleet.ts";
import { accountSchema } from "../../../lambdas/api/schemas/accounts.ts";
import { preflightJsonSchema } from "../../../lambdas/api/schemas/preflight.ts";
import { verificationSchema } from "../../../lambdas/api/schemas/verification.ts";
import { spotOn, type Setting } from "./spot-under-test.ts";

const accountId = "444455556666";
const region = "us-east-1";
const at = "2026-03-01T08:00:00.000Z";

interface Told {
  readonly items: readonly {
    readonly check: string;
    readonly outcome: string;
    readonly remedy?: string;
  }[];
}

describe("the doctor on the simulated cloud", () => {
  let lab: Lab;

  beforeAll(async () => {
    lab = await createLab(plain);
  });

  const doctor = async (args: readonly string[] = [], setting: Setting = {}) => {
    const { clock } = lab;
    const spot = spotOn({
      fetch: lab.platform.gateway,
      sleep: (ms) => clock.run({ atMostMs: clock.now() + ms }),
      ...setting,
    });
    const ran = await spot("doctor", "--json", ...args);
    return { ...ran, told: JSON.parse(ran.stdout === "" ? "{}" : ran.stdout) as Told };
  };

  const outcomesOf = ({ items }: Told): Readonly<Record<string, string>> =>
    Object.fromEntries(items.map(({ check, outcome }) => [check, outcome]));

  it("says of each check how it stands, and ends with 12 for what is not known", async () => {
    const { code, told } = await doctor();
    expect(outcomesOf(told)).toMatchObject({
      API: "ok",
      "kill switch": "ok",
      account: "ok",
      role: "ok",
      tags: "ok",
      // None has come yet: nothing proves that one would.
      events: "unknown",
      "quota of vCPUs": "ok",
    });
    expect(code).toBe(12);
  });

  it("ends with 11 and the remedy where something failed", async () => {
    await lab.send("PUT", "/kill-switch", { engaged: true, reason: "Incident 4711" });
    const { code, told } = await doctor(["--no-preflight"]);
    expect(code).toBe(11);
    expect(told.items.find(({ check }) => check === "kill switch")).toMatchObject({
      outcome: "failed",
      remedy: "spot kill-switch off",
    });
    expect(outcomesOf(told)).toMatchObject({ tags: "unknown", "quota of vCPUs": "unknown" });
    const forPeople = await spotOn({ fetch: lab.platform.gateway })("doctor", "--no-preflight");
    expect(forPeople.stdout).toMatch(/^✗ failed\tkill switch\tglobal\t/m);
    expect(forPeople.stderr).toContain(
      "✗ failed: kill switch of global: it is on: Incident 4711. Next: spot kill-switch off\n",
    );
    await lab.send("PUT", "/kill-switch", { engaged: false, reason: "It is over" });
  });

  it("ends with 3 for an account that is not connected", async () => {
    expect(await doctor(["777788889999"])).toMatchObject({ code: 3, stdout: "" });
  });

  it("notes nothing of the role: who only asks makes no account ACTIVE", async () => {
    await lab.send("PATCH", `/accounts/${accountId}`, { status: "PENDING" });
    const { told } = await doctor(["--no-preflight", accountId]);
    expect(outcomesOf(told)).toMatchObject({ account: "failed", role: "ok" });
    expect((await lab.send("GET", `/accounts/${accountId}`)).body["status"]).toBe("PENDING");
  });
});

describe("what the doctor makes of", () => {
  const verification = verificationSchema.parse({
    account_id: accountId,
    verified: false,
    status: "PENDING",
    checked_at: at,
    checks: [
      { check: "role_assumable", outcome: "PASSED", message: "It was assumed." },
      {
        check: "external_id_enforced",
        outcome: "FAILED",
        code: "external_id_not_enforced",
        message: "It was assumed without the ExternalId.",
      },
      { check: "permissions_granted", outcome: "SKIPPED", message: "It was not asked." },
    ],
    features: [
      { feature: "read", status: "GRANTED", missing: [], unproved: [] },
      { feature: "events", status: "UNPROVED", missing: [], unproved: [] },
      {
        feature: "linear",
        status: "INCOMPLETE",
        missing: [{ action: "ec2:RunInstances", region }],
        unproved: [],
      },
    ],
    on_demand_fallback: "GRANTED",
    keys: [],
    keys_are_part: false,
    snapshots: [{ region, status: "USED_UP", message: "No more snapshots may be made." }],
    events: [{ region, status: "ARRIVED", at, message: "One came." }],
  });

  it("a verification", () => {
    expect(
      verificationChecks(verification).map(({ check, outcome, remedy }) => [
        check,
        outcome,
        remedy !== undefined,
      ]),
    ).toEqual([
      ["role", "ok", false],
      ["role", "failed", true],
      ["role", "unknown", false],
      ["role: read", "ok", false],
      ["role: events", "unknown", true],
      ["role: linear", "failed", true],
      ["role: way back to On-Demand", "ok", false],
      ["events", "ok", false],
      ["quota of snapshots", "failed", false],
    ]);
  });

  it.each([
    ["ACTIVE", "ok", undefined],
    ["PENDING", "failed", `spot accounts verify ${accountId}`],
    ["DISABLED", "failed", `spot accounts set ${accountId} --enable`],
  ])("an account that is %s", (status, outcome, remedy) => {
    const account = accountSchema.parse({
      account_id: accountId,
      name: "Lab",
      environment: "LAB",
      role_arn: `arn:aws:iam::${accountId}:role/spot-optimizer`,
      regions: [region],
      status,
      created_at: at,
      updated_at: at,
    });
    const check = statusCheck(account);
    expect([check.outcome, check.remedy]).toEqual([outcome, remedy]);
  });

  it("a preflight: a tag that is missing, a quota that is too small, a region that was not read", () => {
    const quota = {
      quota_code: "L-34B43A08",
      quota_name: "All Standard Spot Instance Requests",
      used_vcpus: 10,
      needed_vcpus: 100,
      subjects: 20,
      instances: 50,
    };
    const place = { noted_at: at, subjects: 20, looked_at: 20, to_look_at: 20 };
    const preflight = preflightJsonSchema.parse({
      preflight_id: "pfl-0123456789abcdefghjk",
      account_id: accountId,
      requested_at: at,
      status: "DONE",
      estimate: { calls: 0, seconds: 0 },
      places: [
        {
          ...place,
          region,
          status: "DONE",
          quotas: [
            { ...quota, purchase: "SPOT", vcpus: 64, raise_to: 128 },
            { ...quota, purchase: "ON_DEMAND", because: "It was denied." },
            { ...quota, purchase: "ON_DEMAND", vcpus: 640 },
          ],
        },
        {
          ...place,
          region: "eu-central-1",
          status: "FAILED",
          failure: { error: "BrokenPermission", cause: "It may not be read." },
        },
      ],
      totals: {
        by_outcome: [],
        by_mode: [],
        by_reason: [],
        missing: [
          { kind: "TAG", name: "spot-optimizer:enabled=true", subjects: 3, monthly_usd: 52.2 },
          { kind: "CONSENT", name: "accept_unproved=true", subjects: 1, monthly_usd: 1 },
        ],
      },
    });
    expect(
      preflightChecks(preflight).map(({ check, outcome, found }) => [check, outcome, found]),
    ).toEqual([
      [
        "tags",
        "failed",
        "spot-optimizer:enabled=true is missing for 3 subjects, which would save $52.20 a month",
      ],
      ["permissions of the fleet", "unknown", "not every region was read"],
      ["access to clusters", "unknown", "not every region was read"],
      ["quota of vCPUs", "failed", expect.stringContaining("is 64 vCPUs, and not all of it fits")],
      ["quota of vCPUs", "unknown", expect.stringContaining("It was denied.")],
      ["quota of vCPUs", "ok", expect.stringContaining("all fits")],
      ["quota of vCPUs", "unknown", "It may not be read."],
    ]);
    expect(
      preflightChecks(preflight).find(({ remedy }) => remedy?.startsWith("aws "))?.remedy,
    ).toBe(
      `aws service-quotas request-service-quota-increase --service-code ec2 --quota-code L-34B43A08 --desired-value 128 --region ${region}`,
    );
  });
});
