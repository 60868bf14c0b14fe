import { describe, expect, it } from "@jest/globals";
import { listEvaluations } from "../../../adapters/store/evaluations.ts";
import { getTarget } from "../../../adapters/store/targets.ts";
import type { Evaluation } from "../../../core/model/evaluation.ts";
import { targetIdSchema } from "../../../core/model/ids.ts";
import type { Target } from "../../../core/model/target.ts";
import { openAccount, type LabAccount } from "../../../local/lab/account.ts";
import { isMutation, refusals } from "../../../local/lab/harm.ts";
import { startMs } from "../../../local/lab/lab.ts";
import { atHour, hourMs, keepSchedules, passDays } from "../../../local/lab/schedules.ts";
import { asOwner } from "../../../local/lab/scenarios.ts";
import { watchService } from "../../../local/lab/service.ts";
import { smallMarket } from "../../../local/lab/small-market.ts";
import { addWorkload, register, startEvaluation } from "../../../local/lab/subject.ts";
import { CloudError } from "../../../local/cloud/contract.ts";
import type { FaultCall } from "../../../local/cloud/faults.ts";
import { judgedRunsOf } from "./judged.ts";

interface Days {
  readonly account: LabAccount;
  readonly targetId: string;
  readonly instanceId: string;
  /** Oldest first. */
  readonly evaluations: readonly Evaluation[];
  readonly target: Target;
  readonly outages: number;
}

interface Plan {
  readonly days: number;
  readonly policyOverrides: Readonly<Record<string, unknown>>;
  readonly tags?: Readonly<Record<string, string>>;
  /** Throws what AWS answers. */
  readonly refuse: (call: FaultCall, days: Pick<Days, "account" | "instanceId">) => void;
  readonly people?: (days: Pick<Days, "account" | "targetId" | "instanceId">) => void;
}

/** An instance that the sweep finds, in an account in which something is refused for days. */
const live = async ({ days, tags, policyOverrides, refuse, people }: Plan): Promise<Days> => {
  const account = await openAccount({
    market: smallMarket,
    seed: 1,
    startMs,
    region: "us-east-1",
    version: "0.0.0",
    name: "days",
    front: "direct",
  });
  const { clock, platform, table, accountId } = account;
  const instance = addWorkload(account, {
    instanceType: "m5.large",
    elasticIp: true,
    ...(tags !== undefined && { tags }),
  });
  const { instanceId } = instance;
  const id = await register(account, instance, {
    isShadowMode: false,
    policyOverrides: {
      ...policyOverrides,
      accept_change_of: ["primary-private-ip"],
      max_downtime_minutes_per_30_days: 600,
    },
  });
  const isOurs = isMutation(accountId);
  platform.cloud.faults.before((call) => {
    if (isOurs(call) && call.caller.sessionName?.startsWith("evl-") === true) {
      refuse(call, { account, instanceId });
    }
  });
  const schedules = keepSchedules(account);
  const service = watchService(account, instance.allocationIds[0] ?? "");
  // An operator who lets switches begin again and again: what is remembered of the target must do.
  for (let hour = 1; hour <= days * 24; hour += 1) {
    const body = { halted: false, reason: "On we go." };
    atHour(account, hour, () =>
      account.api
        .send({ method: "PUT", path: `/accounts/${accountId}/switching`, body })
        .then(() => undefined),
    );
  }
  people?.({ account, targetId: id, instanceId });
  await passDays(account, days);
  schedules.stop();
  // What is under way comes to its end.
  await clock.run({ atMostMs: clock.now() + 4 * hourMs });
  service.stop();
  expect(schedules.failures).toEqual([]);
  const { items } = await listEvaluations(table, { limit: 1000 });
  const target = await getTarget(table, targetIdSchema.parse(id));
  if (target === undefined) throw new Error("The target is gone.");
  return {
    account,
    targetId: id,
    instanceId,
    evaluations: items.toSorted((one, other) => one.startedAt.localeCompare(other.startedAt)),
    target,
    outages: service.record(undefined).outages,
  };
};

const reasonsOf = (evaluations: readonly Evaluation[]): readonly string[] =>
  evaluations.map(({ outcome }) => outcome?.reason ?? "none");

const noAddresses = ({ operation }: FaultCall): void => {
  if (operation === "AssociateAddress") throw refusals.unauthorized();
};

describe("a failure after the stop that lasts for days", () => {
  it.each(["stop-and-image", "move-volumes"])(
    "brings one outage to a load of %s, and then a reason that names it",
    async (consistency) => {
      const { account, targetId, evaluations, outages, target } = await live({
        days: 3,
        policyOverrides: { consistency },
        refuse: noAddresses,
      });
      expect(outages).toBe(1);
      const [first, ...later] = evaluations;
      expect(first).toMatchObject({
        status: "ROLLED_BACK",
        failure: { error: "BrokenPermission" },
      });
      expect(later).toEqual([]);
      const swept = (await judgedRunsOf(account, targetId)).filter(
        ({ firstAt }) => firstAt > (first?.endedAt ?? ""),
      );
      expect(swept.reduce((sum, { count }) => sum + count, 0)).toBeGreaterThan(3 * 90);
      for (const { kind, reason, sentence } of swept) {
        expect([kind, reason]).toEqual(["STAY", "FAILED_BEFORE"]);
        expect(sentence).toContain(first?.evaluationId);
        expect(sentence).toContain(first?.endedAt);
        expect(sentence).toContain("UnauthorizedOperation");
      }
      expect(target.failedAttempt).toMatchObject({
        evaluationId: first?.evaluationId,
        hadDowntime: true,
      });
    },
  );

  it("is tried again when a person asks, once", async () => {
    const { evaluations, outages } = await live({
      days: 3,
      policyOverrides: { consistency: "stop-and-image" },
      refuse: noAddresses,
      people: ({ account, targetId }) => {
        atHour(account, 40.1, () => startEvaluation(account, targetId).then(() => undefined));
      },
    });
    expect(outages).toBe(2);
    const tried = evaluations.filter(({ status }) => status === "ROLLED_BACK");
    expect(tried.map(({ startedBy }) => startedBy)).toEqual(["sweep", "api"]);
  });

  it("is tried again by itself when the fact that the error names has changed, and then succeeds", async () => {
    const untag = 24.1;
    const { evaluations, outages, target } = await live({
      days: 3,
      tags: { spare: "x" },
      policyOverrides: { consistency: "stop-and-image" },
      refuse: ({ operation }, { account, instanceId }) => {
        const isFull = account.platform.ec2.control.find(instanceId)?.tags["spare"] !== undefined;
        if (operation !== "AssociateAddress" || !isFull) return;
        throw new CloudError("TagLimitExceeded", "The maximum number of tags for a resource is 50");
      },
      people: ({ account, instanceId }) => {
        const input = { Resources: [instanceId], Tags: [{ Key: "spare" }] };
        atHour(account, untag, () => asOwner(account)("DeleteTags", input).then(() => undefined));
      },
    });
    expect(outages).toBe(2);
    const switched = evaluations.find(({ status }) => status === "SWITCHED");
    expect(switched?.startedBy).toBe("sweep");
    const begunHours = (Date.parse(switched?.startedAt ?? "") - startMs) / hourMs;
    expect(begunHours).toBeGreaterThan(untag);
    expect(begunHours).toBeLessThan(untag + 6.5);
    expect(target.failedAttempt).toBeUndefined();
  });
});

describe("a failure without a downtime that lasts for days", () => {
  it("is tried again less and less often", async () => {
    const { account, targetId, evaluations, outages } = await live({
      days: 5,
      policyOverrides: { consistency: "stateless" },
      refuse: noAddresses,
    });
    expect(outages).toBe(0);
    const tried = evaluations.filter(({ status }) => status === "ROLLED_BACK");
    const gaps = tried
      .map(({ endedAt = "" }, index) => {
        const next = tried[index + 1]?.startedAt;
        return next === undefined ? undefined : (Date.parse(next) - Date.parse(endedAt)) / hourMs;
      })
      .filter((gap) => gap !== undefined);
    // The sweep comes every quarter of an hour.
    [1, 2, 4, 8, 16, 32].forEach((hours, index) => {
      expect(gaps[index]).toBeGreaterThanOrEqual(hours);
      expect(gaps[index]).toBeLessThanOrEqual(hours + 0.25);
    });
    expect(new Set(reasonsOf(evaluations))).toEqual(new Set(["BrokenPermission"]));
    const between = (await judgedRunsOf(account, targetId)).map(({ reason }) => reason);
    expect(between).toContain("FAILED_BEFORE");
  });
});
