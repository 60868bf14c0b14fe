/** What persons are asked about, what they have agreed to, and what a replay of it does. */
import { describe, expect, it } from "@jest/globals";
import * as z from "zod";
import { readOutbox } from "../../../adapters/store/outbox.ts";
import { asOwner } from "../../../local/lab/scenarios.ts";
import { afterWeek, live, stopsOf, type EnforceLab } from "./enforce-lab.ts";

const approvalsSchema = z.object({
  items: z.array(
    z.looseObject({
      approval_id: z.string(),
      kind: z.string(),
      bounds_hash: z.string(),
      status: z.string(),
      findings: z.array(z.string()),
      bounds: z.looseObject({ changes: z.array(z.string()) }),
    }),
  ),
});

const approvals = async (lab: EnforceLab, status = "PENDING") =>
  approvalsSchema.parse((await lab.send("GET", `/approvals?status=${status}`)).body).items;

const only = async (lab: EnforceLab) => {
  const [first, ...others] = await approvals(lab);
  if (first === undefined || others.length > 0) throw new Error("There is not one approval.");
  return first;
};

const approve = (
  lab: EnforceLab,
  { approval_id: id, bounds_hash }: { approval_id: string; bounds_hash: string },
  as = "ben",
) => lab.send("POST", `/approvals/${id}/approve`, { bounds_hash }, as);

const typeOf = ({ body }: { readonly body: unknown }): string =>
  z.object({ type: z.string() }).parse(body).type.split(":").at(-1) ?? "";

const endsOf = ({ platform: { cloud } }: EnforceLab) =>
  cloud.journal.filter(({ operation }) => operation === "TerminateInstances");

describe("40 % untagged", () => {
  it("none is stopped, one approval with list and hash; ten more appear: the hash changed, refused", async () => {
    const { lab, ids } = await afterWeek({}, { unowned: 20, owned: 30 });
    await live(lab, 3);
    expect(stopsOf(lab)).toEqual([]);
    const first = await only(lab);
    expect(first).toMatchObject({ kind: "STOP_INSTANCES" });
    expect(first.findings).toHaveLength(20);
    lab.add(10);
    await live(lab, 28);
    const refused = await approve(lab, first);
    expect(refused.status).toBe(409);
    expect(typeOf(refused)).toMatch(/^(bounds-changed|approval-settled|approval-expired)$/);
    const second = await only(lab);
    expect(second.findings).toHaveLength(30);
    expect(second.bounds_hash).not.toBe(first.bounds_hash);
    expect(stopsOf(lab)).toEqual([]);
    expect(ids).toHaveLength(20);
  });

  it("once another person has agreed each is told, and stopped an hour later, one after the other", async () => {
    const { lab, ids } = await afterWeek({}, { unowned: 3, owned: 30 });
    await live(lab, 2);
    expect(typeOf(await approve(lab, await only(lab), "ada"))).toBe("own-request");
    expect((await approve(lab, await only(lab))).status).toBe(200);
    await lab.scan();
    await lab.carryOut();
    expect(await approvals(lab, "CONSUMED")).toHaveLength(1);
    expect(stopsOf(lab)).toEqual([]);
    await live(lab, 7);
    expect(ids.map((id) => lab.stateOf(id))).toEqual(["stopped", "stopped", "stopped"]);
    const times = stopsOf(lab).map(({ at }) => at);
    expect(times).toHaveLength(3);
  });

  it("a replayed approval stops nothing: what was agreed to is used up once", async () => {
    const { lab, ids } = await afterWeek({}, { unowned: 1, owned: 30 });
    await live(lab, 2);
    const asked = await only(lab);
    expect((await approve(lab, asked)).status).toBe(200);
    await live(lab, 4);
    expect(lab.stateOf(ids[0] ?? "")).toBe("stopped");
    expect(typeOf(await approve(lab, asked, "eve"))).toBe("approval-settled");
    expect(await approvals(lab)).toEqual([]);
  });

  it("rejected, it is not asked for again, and nothing is stopped", async () => {
    const { lab } = await afterWeek({}, { unowned: 2, owned: 30 });
    await live(lab, 2);
    const { approval_id: id } = await only(lab);
    const body = { comment: "These are the auditors'" };
    expect((await lab.send("POST", `/approvals/${id}/reject`, body, "ben")).status).toBe(200);
    await live(lab, 5);
    expect(await approvals(lab)).toEqual([]);
    expect(stopsOf(lab)).toEqual([]);
  });

  it("table restored to before CONSUMED: approval void; exempt instance not stopped", async () => {
    const { lab } = await afterWeek({}, { unowned: 2, owned: 30 });
    await live(lab, 2);
    const asked = await only(lab);
    expect((await approve(lab, asked)).status).toBe(200);
    // As the operator of a restored table says it: the approval stands there as agreed to, and an exemption is forgotten.
    await lab.send("POST", "/approvals/void", { reason: "The table was restored" });
    await live(lab, 30);
    expect(await approvals(lab, "VOID")).toHaveLength(1);
    expect(stopsOf(lab)).toEqual([]);
    expect([...(await lab.findings()).values()]).toHaveLength(2);
  });
});

describe("what persons are asked", () => {
  it("is told to those who want to know what waits for them, once for each list", async () => {
    const { lab, ids } = await afterWeek({}, { unowned: 2, owned: 30 });
    await live(lab, 5);
    const asked = await only(lab);
    const { values } = await readOutbox(lab.table, { limit: 100 });
    const told = values
      .map(({ notice }) => notice)
      .filter(({ kind }) => kind === "APPROVAL_WANTED");
    expect(told).toMatchObject([
      {
        error: "STOP_INSTANCES",
        resource: "us-east-1",
        state: asked.approval_id,
        path: `/approvals/${asked.approval_id}`,
        figures: { findings: ids.length },
      },
    ]);
    expect(told[0]?.sentence).toContain("asks to stop 2 instances in us-east-1");
  });
});

describe("a stop that would do more than stop", () => {
  it("is asked for, naming what drifts, and is made once it was agreed to", async () => {
    const stack = "arn:aws:cloudformation:us-east-1:444455556666:stack/web/1";
    const { lab, id } = await afterWeek({ tags: { "aws:cloudformation:stack-id": stack } });
    await live(lab, 2);
    expect(stopsOf(lab)).toEqual([]);
    const asked = await only(lab);
    expect(asked.bounds.changes).toContain(`${id}: its CloudFormation stack drifts`);
    expect((await approve(lab, asked)).status).toBe(200);
    await live(lab, 4);
    expect(lab.stateOf(id)).toBe("stopped");
  });

  it("names the instances whose instance-store disks are erased, which can't be taken back", async () => {
    const { lab, id } = await afterWeek({ instanceType: "g4dn.xlarge" });
    await live(lab, 2);
    const asked = await only(lab);
    expect(asked.bounds).toMatchObject({ is_irreversible: true });
    expect(asked.bounds.changes.join()).toContain(`${id}: the data of its instance-store disks`);
    expect(stopsOf(lab)).toEqual([]);
  });
});

describe("what stands stopped", () => {
  const stopped = async (settings: object) => {
    const { lab, id } = await afterWeek({}, { settings });
    await live(lab, 4);
    expect(lab.stateOf(id)).toBe("stopped");
    return { lab, id };
  };

  it("is never terminated where the account did not ask for it", async () => {
    const { lab, id } = await stopped({});
    await lab.pass(30 * 24 * 60);
    await live(lab, 3);
    expect(lab.stateOf(id)).toBe("stopped");
    expect(await approvals(lab)).toEqual([]);
  });

  it("is not asked about while its owner protects it from being terminated, and is once he does not", async () => {
    const { lab, id } = await stopped({ terminate_after_days: 10 });
    const protect = (isProtected: boolean) =>
      asOwner(lab)("ModifyInstanceAttribute", {
        InstanceId: id,
        DisableApiTermination: { Value: isProtected },
      });
    await protect(true);
    await lab.pass(11 * 24 * 60);
    await live(lab, 30);
    expect(await approvals(lab)).toEqual([]);
    expect((await lab.findings()).get(id)).toMatchObject({ verdict: "REPORT" });
    await protect(false);
    await live(lab, 30);
    expect(await only(lab)).toMatchObject({ kind: "TERMINATE_INSTANCES" });
  });

  it("is terminated where the account did, its days are over, and a person has agreed", async () => {
    const { lab, id } = await stopped({ terminate_after_days: 10 });
    await lab.pass(9 * 24 * 60);
    await live(lab, 3);
    expect(await approvals(lab)).toEqual([]);
    await lab.pass(24 * 60);
    await live(lab, 3);
    const asked = await only(lab);
    expect(asked).toMatchObject({ kind: "TERMINATE_INSTANCES", bounds: { is_irreversible: true } });
    expect(endsOf(lab)).toEqual([]);
    expect((await approve(lab, asked)).status).toBe(200);
    await lab.scan();
    await lab.carryOut();
    expect(["shutting-down", "terminated"]).toContain(lab.stateOf(id));
    expect((await lab.findings()).get(id)).toMatchObject({ status: "TERMINATING" });
    await live(lab, 4);
    expect(endsOf(lab)).toHaveLength(1);
    expect((await lab.findings()).has(id)).toBe(false);
  });
});
