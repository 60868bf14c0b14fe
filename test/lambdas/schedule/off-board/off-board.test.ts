/** An account that leaves: what serves goes on serving, and nothing is ended that its owner has not named. */
import { describe, expect, it } from "@jest/globals";
import { listOffBoardings, writeOffBoarding } from "../../../../adapters/store/off-boardings.ts";
import { accountIdSchema } from "../../../../core/model/ids.ts";
import { isOurTag } from "../../../../core/model/tags.ts";
import type { Lab } from "../../../../local/lab/contract.ts";
import { accountId } from "../../../../local/lab/lab.ts";
import { hourMs } from "../../../../local/lab/schedules.ts";
import { rich } from "../../../../local/lab/scenarios.ts";
import { ids, leavingAccount, type LeavingLab } from "./off-board-lab.ts";

const withData = rich["move-volumes"];

const oursOn = ({ lab }: LeavingLab): readonly string[] =>
  lab.control
    .resources(accountId)
    .filter(({ tags }) => Object.entries(tags).some(([key, value]) => isOurTag(key, value)))
    .map(({ kind, id }) => `${kind} ${id}`);

const passHours = (lab: Lab, hours: number): Promise<void> =>
  lab.clock.run({ atMostMs: lab.clock.now() + hours * hourMs });

const stateOf = ({ lab }: LeavingLab, id: string): string => lab.control.find(id)?.state ?? "gone";

describe("the dry run", () => {
  it("lists what stays, what is restored, what is deleted and what its owner decides, and does nothing", async () => {
    const leaving = await leavingAccount(withData);
    const { lab, replacementId } = leaving;
    const from = lab.platform.cloud.journal.length;
    const plan = await leaving.tell();
    expect(plan.targets).toEqual([lab.targetId]);
    expect(ids(plan.stays)).toContain(replacementId);
    expect(ids(plan.restored)).toEqual([replacementId]);
    expect(plan.decisions).toContainEqual(
      expect.objectContaining({ id: lab.originalId, decision: "KEEP", may_end: true }),
    );
    const everything = [...plan.stays, ...plan.deleted, ...plan.decisions, ...plan.untouched];
    expect(new Set(ids(everything)).size).toBe(everything.length);
    expect(lab.platform.cloud.journal.slice(from).filter(({ mutating }) => mutating)).toEqual([]);
    expect(await leaving.tell()).toEqual(plan);
  });

  it("tells another hash for another decision, and knows what can be decided", async () => {
    const leaving = await leavingAccount(withData);
    const { lab, replacementId } = leaving;
    const plan = await leaving.tell();
    const ending = await leaving.tell(lab.originalId);
    expect(ending.hash).not.toBe(plan.hash);
    expect(ending.decisions).toContainEqual(
      expect.objectContaining({ id: lab.originalId, decision: "END" }),
    );
    const refused = await lab.send(
      "DELETE",
      `/accounts/${accountId}?dry_run=true&end=${replacementId}`,
    );
    expect(refused).toMatchObject({ status: 400, body: { errors: [{ field: "end" }] } });
  });
});

describe("an account", () => {
  it("is not off-boarded without the hash of its plan, nor by that of another", async () => {
    const leaving = await leavingAccount(withData);
    const { lab } = leaving;
    const without = await lab.send("DELETE", `/accounts/${accountId}`);
    expect(without).toMatchObject({
      status: 409,
      body: { detail: expect.stringMatching(/dry_run/) },
    });
    expect(await leaving.agree({ hash: "0".repeat(64) })).toMatchObject({ status: 409 });
    const plan = await leaving.tell();
    expect(await leaving.agree(plan, lab.originalId)).toMatchObject({ status: 409 });
    expect(await listOffBoardings(lab.table)).toEqual([]);
  });

  it("is not off-boarded while an evaluation runs", async () => {
    const leaving = await leavingAccount(withData);
    const { lab } = leaving;
    const plan = await leaving.tell();
    const { body } = await lab.evaluate();
    expect(await leaving.agree(plan)).toMatchObject({
      status: 409,
      body: { evaluation_id: body["evaluation_id"] },
    });
    const account = await lab.send("GET", `/accounts/${accountId}`);
    expect(account.body["freezes"] ?? []).toEqual([]);
  });

  it("waits for an evaluation that was begun in the instant in which it was agreed to", async () => {
    const leaving = await leavingAccount(withData);
    const { lab } = leaving;
    await leaving.agree(await leaving.tell());
    expect((await lab.evaluate()).status).toBe(202);
    await lab.platform.functions.invoke("schedule-off-board", {});
    expect((await lab.send("GET", `/accounts/${accountId}`)).body).toMatchObject({
      off_boarding: { waits_for: [`${lab.targetId} is worked on.`] },
    });
    await leaving.work();
    expect(await leaving.isGone()).toBe(true);
  });

  it("that is connected anew is not off-boarded by what was agreed to before", async () => {
    const { lab, work, isGone } = await leavingAccount(withData);
    await writeOffBoarding(lab.table, {
      accountId: accountIdSchema.parse(accountId),
      plan: "0".repeat(64),
      by: "arn:aws:iam::111122223333:user/ops",
      at: "2020-01-01T00:00:00.000Z",
      end: [lab.originalId],
      isReachable: true,
      waitsFor: [],
    });
    await work(2);
    expect([await isGone(), await listOffBoardings(lab.table)]).toEqual([false, []]);
    expect((await lab.send("GET", `/lab/instances/${lab.targetId}`)).status).toBe(200);
    expect(lab.control.find(lab.originalId)?.state).toBe("stopped");
  });

  it("with a stopped original in it leaves that as its owner had it, and what serves goes on serving", async () => {
    const leaving = await leavingAccount(withData);
    const { lab, replacementId } = leaving;
    const owners = withData.instance.tags;
    const deletedBefore = lab.control.find(replacementId)?.deletedWithIt;
    const plan = await leaving.tell();
    expect(await leaving.agree(plan)).toMatchObject({ status: 202 });
    expect((await lab.send("GET", `/accounts/${accountId}`)).body).toMatchObject({
      off_boarding: { plan: plan.hash, waits_for: [] },
      freezes: [{ reason: "The account is off-boarded." }],
    });
    await leaving.work();
    expect(await leaving.isGone()).toBe(true);
    expect(await listOffBoardings(lab.table)).toEqual([]);
    expect(stateOf(leaving, lab.originalId)).toBe("stopped");
    expect(leaving.tagsOf(lab.originalId)).toMatchObject(owners);
    expect(stateOf(leaving, replacementId)).toBe("running");
    expect(lab.control.find(replacementId)?.deletedWithIt).not.toEqual(deletedBefore);
    const others = oursOn(leaving).filter((each) => !each.includes(lab.originalId));
    expect(others.filter((each) => !each.startsWith("spot-request"))).toEqual([]);
    const { body } = await lab.send("GET", `/evaluations/${leaving.story.evaluationId}`);
    expect(body["settlements"]).toContainEqual(
      expect.objectContaining({ of: "RETIRE_ORIGINAL", kind: "KEPT", reason: "DISCONNECTED" }),
    );
  });

  it("that was closed, with a stopped original in it, is forgotten: nothing is called there, and the record says whose that is now", async () => {
    const leaving = await leavingAccount(withData);
    const { lab, replacementId } = leaving;
    const { body: connected } = await lab.send("GET", `/accounts/${accountId}`);
    lab.platform.cloud.identities.removeRole(String(connected["role_arn"]));
    // Reservations end by themselves.
    const lasting = (): readonly string[] =>
      oursOn(leaving).filter((each) => !each.startsWith("capacity-reservation"));
    const before = lasting();
    const from = lab.platform.cloud.journal.length;
    // Past the sessions that are open still, and past the cool-off.
    await passHours(lab, 8 * 24);
    await lab.platform.functions.invoke("schedule-janitor", {}).catch(() => undefined);
    expect(stateOf(leaving, lab.originalId)).toBe("stopped");
    const plan = await leaving.tell();
    expect(plan.unread).toContain("AssumeRole");
    expect(plan.decisions).toContainEqual(
      expect.objectContaining({ id: lab.originalId, decision: "KEEP" }),
    );
    expect(await leaving.agree(plan)).toMatchObject({ status: 202 });
    await leaving.work();
    expect(await leaving.isGone()).toBe(true);
    expect(stateOf(leaving, lab.originalId)).toBe("stopped");
    expect(stateOf(leaving, replacementId)).toBe("running");
    expect(lasting()).toEqual(before);
    const changed = lab.platform.cloud.journal
      .slice(from)
      .filter((entry) => entry.accountId === accountId && entry.mutating && !entry.dryRun);
    expect(changed).toEqual([]);
    // What failed is tried again within hours.
    await passHours(lab, 12);
    await lab.platform.functions.invoke("schedule-janitor", {});
    const { body } = await lab.send("GET", `/evaluations/${leaving.story.evaluationId}`);
    expect(body["settlements"]).toContainEqual(
      expect.objectContaining({ of: "RETIRE_ORIGINAL", kind: "KEPT", reason: "DISCONNECTED" }),
    );
  });

  it("ends the original that its owner has named, and nothing else", async () => {
    const leaving = await leavingAccount(withData);
    const { lab, replacementId } = leaving;
    const plan = await leaving.tell(lab.originalId);
    expect(await leaving.agree(plan, lab.originalId)).toMatchObject({ status: 202 });
    await leaving.work();
    expect(await leaving.isGone()).toBe(true);
    expect(["shutting-down", "terminated"]).toContain(stateOf(leaving, lab.originalId));
    expect(stateOf(leaving, replacementId)).toBe("running");
    const ended = lab.platform.cloud.journal.filter(
      ({ operation, dryRun }) => operation === "TerminateInstances" && !dryRun,
    );
    expect(ended).toHaveLength(1);
  });

  it("keeps the original that its owner has named, where its successor is gone", async () => {
    const leaving = await leavingAccount(rich.stateless);
    const { lab, replacementId } = leaving;
    const plan = await leaving.tell(lab.originalId);
    lab.control.terminateByOwner(replacementId);
    const { body } = await leaving.agree(plan, lab.originalId);
    const agreed = body as { readonly detail?: string };
    expect(agreed.detail ?? "").toContain("plan");
    const later = await leaving.tell(lab.originalId);
    expect(await leaving.agree(later, lab.originalId)).toMatchObject({ status: 202 });
    await leaving.work(3);
    expect(await leaving.isGone()).toBe(false);
    expect(stateOf(leaving, lab.originalId)).toBe("stopped");
    expect((await lab.send("GET", `/accounts/${accountId}`)).body).toMatchObject({
      off_boarding: { waits_for: [expect.stringContaining("kept as the last copy")] },
    });
  });

  it("waits while the kill switch is on", async () => {
    const leaving = await leavingAccount(rich.stateless);
    const { lab } = leaving;
    await leaving.agree(await leaving.tell());
    await lab.send("PUT", "/kill-switch", { engaged: true, reason: "INC-1 of the night" });
    await leaving.work(2);
    expect((await lab.send("GET", `/accounts/${accountId}`)).body).toMatchObject({
      off_boarding: { waits_for: [expect.stringContaining("INC-1")] },
    });
    expect((await lab.send("GET", `/lab/instances/${lab.targetId}`)).status).toBe(200);
    await lab.send("PUT", "/kill-switch", { engaged: false, reason: "over again" });
    await leaving.work();
    expect(await leaving.isGone()).toBe(true);
  });
});
