import { describe, expect, it } from "@jest/globals";
import { listEvaluations } from "../../../adapters/store/evaluations.ts";
import type { Evaluation } from "../../../core/model/evaluation.ts";
import { openAccount, type LabAccount } from "../../../local/lab/account.ts";
import { startMs } from "../../../local/lab/lab.ts";
import { atHour, hourMs, keepSchedules, passDays } from "../../../local/lab/schedules.ts";
import { unservedAmong } from "../../../local/lab/service.ts";
import { smallMarket } from "../../../local/lab/small-market.ts";
import { addWorkload, register } from "../../../local/lab/subject.ts";
import { judgedRunsOf } from "./judged.ts";

/** An instance with an Elastic IP, which the sweep finds. */
const addTarget = async (
  account: LabAccount,
  isShadowMode: boolean,
): Promise<{
  readonly instanceId: string;
  readonly targetId: string;
  readonly address: string;
}> => {
  const instance = addWorkload(account, { instanceType: "m5.large", elasticIp: true });
  const targetId = await register(account, instance, {
    isShadowMode,
    policyOverrides: { consistency: "stateless", accept_change_of: ["primary-private-ip"] },
  });
  return { instanceId: instance.instanceId, targetId, address: instance.allocationIds[0] ?? "" };
};

const setKillSwitch = async ({ api }: LabAccount, engaged: boolean): Promise<void> => {
  const body = { engaged, reason: "drill" };
  const { status, text } = await api.send({ method: "PUT", path: "/kill-switch", body });
  if (status !== 200) throw new Error(`The kill switch answered ${String(status)}: ${text}`);
};

/** Oldest first. */
const evaluationsOf = async (
  { table }: LabAccount,
  targetId: string,
): Promise<readonly Evaluation[]> => {
  const { items } = await listEvaluations(table, { limit: 1000 });
  return items
    .filter((evaluation) => evaluation.targetId === targetId)
    .sort((one, other) => one.startedAt.localeCompare(other.startedAt));
};

const stopHours = { from: 26, to: 36 } as const;

const endingsOf = (evaluations: readonly Evaluation[]): readonly string[] =>
  evaluations.map(({ status, failure }) => failure?.error ?? status);

/** How an evaluation ends that falls into the hours of the kill switch, and any other. */
const whileItIsStopped =
  (stopped: string, otherwise: string) =>
  ({ startedAt }: Evaluation): string => {
    const hours = (Date.parse(startedAt) - startMs) / hourMs;
    return hours > stopHours.from && hours < stopHours.to ? stopped : otherwise;
  };

describe("three days in an account", () => {
  it("with sweep, janitor, owner and operator leave each target served, and nothing behind", async () => {
    const account = await openAccount({
      market: smallMarket,
      seed: 1,
      startMs,
      region: "us-east-1",
      version: "0.0.0",
      name: "days",
      front: "direct",
    });
    const { platform, accountId } = account;
    const stateOf = (id: string): string | undefined => platform.ec2.control.find(id)?.state;
    const schedules = keepSchedules(account);
    const watched = await addTarget(account, true);
    const moved = await addTarget(account, false);
    const later: Awaited<ReturnType<typeof addTarget>>[] = [];
    const wasRestingAt: (string | undefined)[] = [];
    atHour(account, 1, () => void wasRestingAt.push(stateOf(moved.instanceId)));
    // The operator stops everything for ten hours, in which the owner registers one more.
    atHour(account, stopHours.from, () => setKillSwitch(account, true));
    atHour(account, 28, async () => void later.push(await addTarget(account, false)));
    atHour(account, stopHours.to, () => setKillSwitch(account, false));
    await passDays(account, 3);
    schedules.stop();

    expect(schedules.failures).toEqual([]);
    // It is judged by the lists of its place, and looked at by the sweep: nothing is to be done, and no workflow begins.
    expect(await evaluationsOf(account, watched.targetId)).toEqual([]);
    const judged = await judgedRunsOf(account, watched.targetId);
    expect(judged.reduce((sum, { count }) => sum + count, 0)).toBeGreaterThanOrEqual(3 * 95);
    expect(judged.at(-1)?.kind).toBe("SWITCH");
    const [switched, ...after] = await evaluationsOf(account, moved.targetId);
    expect(switched?.status).toBe("SWITCHED");
    expect(endingsOf(after)).toEqual(after.map(whileItIsStopped("StaleKillSwitch", "STAYED")));
    const stays = (await judgedRunsOf(account, moved.targetId)).at(-1);
    expect(stays?.kind).toBe("STAY");
    // The original rested, and went when its cool-off was over.
    expect(wasRestingAt).toEqual(["stopped"]);
    expect(stateOf(moved.instanceId) ?? "gone").toMatch(/^(gone|terminated)$/);
    // What was registered under the kill switch was moved after it.
    const [added] = later;
    const ofAdded = await evaluationsOf(account, added?.targetId ?? "");
    const [made] = ofAdded.filter(({ status }) => status === "SWITCHED");
    expect(Date.parse(made?.startedAt ?? "")).toBeGreaterThan(startMs + stopHours.to * hourMs);
    const addresses = [watched, moved, ...later].map(({ address }) => address);
    expect(unservedAmong(account, addresses)).toEqual([]);
    const running = platform.ec2.control.running(accountId).map(({ instanceId }) => instanceId);
    const kept = [...running, ...later.map(({ instanceId }) => instanceId)];
    expect(
      platform.ec2.control
        .orphans({ accountId, except: kept })
        .filter(({ kind }) => kind !== "image" && kind !== "snapshot"),
    ).toEqual([]);
  }, 60_000);
});
