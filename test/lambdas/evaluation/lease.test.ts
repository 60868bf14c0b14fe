import { describe, expect, it } from "@jest/globals";
import { acquireLease, readLease, releaseLease } from "../../../adapters/store/leases.ts";
import {
  holdLease,
  keepLeases,
  leaseSeconds,
  releaseLeases,
} from "../../../lambdas/evaluation/lease.ts";
import { at, evaluationId as anyId } from "../../adapters/store/examples.ts";
import {
  answers,
  evaluationId,
  run,
  stepThat,
  stepUnderTest,
  type StepUnderTest,
} from "./step-under-test.ts";

const takenByAnother = async ({ context, resource }: StepUnderTest): Promise<void> => {
  await acquireLease(context.table, {
    resource,
    owner: anyId(2),
    now: context.now(),
    seconds: leaseSeconds,
  });
};

describe("the lease of an evaluation", () => {
  it("is renewed by a step once a third of it is gone, and the record says until when", async () => {
    const under = await stepUnderTest();
    await run(under, answers("READY"));
    expect((await under.record()).leases).toMatchObject([
      { fence: 1, expiresAt: at(leaseSeconds) },
    ]);
    under.events.length = 0;
    under.pass(leaseSeconds / 3 - 1);
    await run(under, answers("READY"));
    expect(under.events).not.toContain("write LEASE");
    under.pass(301);
    await run(under, answers("READY"));
    expect((await under.record()).leases).toMatchObject([
      { fence: 1, expiresAt: at(600 + leaseSeconds) },
    ]);
    const lease = await readLease(under.table, under.resource);
    expect(lease).toMatchObject({
      owner: evaluationId,
      fence: 1,
      expiresAt: at(600 + leaseSeconds),
    });
  });

  it("is lost to whoever took it when it had expired: the step does not run", async () => {
    const under = await stepUnderTest();
    under.pass(leaseSeconds + 1);
    await takenByAnother(under);
    let hasRun = false;
    const step = stepThat(() => {
      hasRun = true;
      return Promise.resolve({ output: { kind: "READY", summary: "" } });
    });
    await expect(run(under, step)).rejects.toMatchObject({
      name: "StaleLease",
      message: expect.stringContaining(anyId(2)),
    });
    expect(hasRun).toBe(false);
  });

  it("is lost even after the other has let it go: the fence has moved on", async () => {
    const under = await stepUnderTest();
    under.pass(leaseSeconds + 1);
    await takenByAnother(under);
    await releaseLease(under.table, { resource: under.resource, owner: anyId(2), fence: 2 });
    await expect(run(under, answers("READY"))).rejects.toMatchObject({
      name: "StaleLease",
      message: expect.stringContaining("fence 2, ours is 1"),
    });
    expect(await readLease(under.table, under.resource)).toMatchObject({ isReleased: true });
  });

  it("is not taken again by whoever has given it back: nobody is kept waiting", async () => {
    const under = await stepUnderTest();
    const session = await under.session();
    await releaseLeases(under.table, evaluationId, session.evaluation.leases);
    await expect(holdLease(session)).rejects.toMatchObject({
      name: "StaleLease",
      message: expect.stringContaining("given back"),
    });
    const lease = await readLease(under.table, under.resource);
    expect(lease).toMatchObject({ fence: 1, isReleased: true });
  });

  it("is still its owner's when it had expired and nobody took it", async () => {
    const under = await stepUnderTest();
    under.pass(leaseSeconds + 60);
    await holdLease(await under.session());
    expect(await readLease(under.table, under.resource)).toMatchObject({
      fence: 1,
      expiresAt: at(2 * leaseSeconds + 60),
    });
  });

  it("is not asked for by a step that must run without", async () => {
    const under = await stepUnderTest();
    under.pass(leaseSeconds + 1);
    await takenByAnother(under);
    const step = stepThat(() => Promise.resolve({ output: { kind: "READY", summary: "" } }), {
      needsLease: false,
    });
    expect(await run(under, step)).toMatchObject({ kind: "READY" });
    expect(await readLease(under.table, under.resource)).toMatchObject({ owner: anyId(2) });
  });

  it("is held again and again by its owner under the same fence", async () => {
    const under = await stepUnderTest();
    const session = await under.session();
    await holdLease(session);
    under.pass(60);
    await holdLease(session);
    expect(await readLease(under.table, under.resource)).toMatchObject({ fence: 1 });
  });

  it("is asked of the table right before a change, whatever the record says", async () => {
    const under = await stepUnderTest();
    await run(under, answers("READY"));
    under.pass(leaseSeconds + 1);
    await takenByAnother(under);
    const record = await under.record();
    const expiresAt = at(10 * leaseSeconds);
    const [{ resource, fence }] = record.leases;
    const session = await under.session();
    const evaluation = { ...session.evaluation, leases: [{ resource, fence, expiresAt }] as const };
    expect(await keepLeases({ ...session, evaluation })).toBe(evaluation.leases);
    await expect(holdLease({ ...session, evaluation })).rejects.toMatchObject({
      name: "StaleLease",
    });
  });
});
