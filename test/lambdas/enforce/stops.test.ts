/** An instance that nobody owns, through its grace to its stop, and what holds that up. */
import { describe, expect, it } from "@jest/globals";
import { listAudit } from "../../../adapters/store/audit.ts";
import { refusals } from "../../../local/lab/harm.ts";
import { asOwner } from "../../../local/lab/scenarios.ts";
import { afterWeek, live, openEnforceLab, passWeek, stopsOf } from "./enforce-lab.ts";

const subject = (id: string, what: string): string => `Spot Optimizer: ${id} ${what}`;

describe("an instance that nobody owns", () => {
  it("is told at its flag, an hour before and after, and is stopped with all of that in the audit", async () => {
    const { lab, id } = await afterWeek();
    expect(lab.told()).toEqual([subject(id, "runs without an owner")]);
    expect(lab.stateOf(id)).toBe("running");
    await lab.scan();
    await lab.carryOut();
    expect(lab.told().slice(1)).toEqual([subject(id, "is stopped in an hour")]);
    await lab.pass(60);
    await lab.scan();
    await lab.carryOut();
    expect(lab.stateOf(id)).toBe("running");
    await lab.pass(12);
    await lab.carryOut();
    expect(["stopping", "stopped"]).toContain(lab.stateOf(id));
    await lab.pass(10);
    await lab.carryOut();
    expect((await lab.findings()).get(id)).toMatchObject({ status: "STOPPED" });
    expect(lab.told().slice(2)).toEqual([subject(id, "was stopped")]);
    const last = lab.platform.sns.accepted(lab.topicArn).at(-1);
    expect(last?.message).toContain(
      `aws ec2 start-instances --region us-east-1 --instance-ids ${id}`,
    );
    expect(stopsOf(lab)).toMatchObject([{ input: { InstanceIds: [id] } }]);
    const { items } = await listAudit(lab.table, { limit: 1 });
    expect(items).toMatchObject([{ actor: "enforcer", action: "STOP_INSTANCE" }]);
    // It stays so, and nobody is told twice.
    await live(lab, 5);
    expect(lab.told()).toHaveLength(3);
    expect(stopsOf(lab)).toHaveLength(1);
  });

  it("is not stopped in the first week, whatever its grace", async () => {
    const lab = await openEnforceLab();
    lab.add(49, { tags: { team: "shop" } });
    const [id = ""] = lab.add(1);
    await lab.set({ mode: "ON", allowed_tags: [{ key: "team" }] });
    await live(lab, 30);
    expect((await lab.findings()).get(id)).toMatchObject({ grace: { readings: 30 } });
    expect(lab.told()).toHaveLength(1);
    expect(stopsOf(lab)).toEqual([]);
  });

  it("that its owner starts again has a new full grace, and no week", async () => {
    const { lab, id } = await afterWeek();
    await live(lab, 4);
    expect(lab.stateOf(id)).toBe("stopped");
    await asOwner(lab)("StartInstances", { InstanceIds: [id] });
    await live(lab, 2);
    expect(stopsOf(lab)).toHaveLength(1);
  });

  it.each([
    ["turned off", { mode: "OFF" }, 0],
    ["set to a dry run", { mode: "DRY_RUN" }, 3],
    ["turned off and on again", { mode: "ON" }, 3],
  ])(
    "is told how to start it though the enforcer was %s right after its stop",
    async (_, settings, scans) => {
      const { lab, id } = await afterWeek();
      await lab.scan();
      await lab.carryOut();
      await lab.pass(60);
      await lab.scan();
      await lab.pass(12);
      await lab.carryOut();
      expect(stopsOf(lab)).toHaveLength(1);
      const path = `/accounts/${lab.place.accountId}/enforcer`;
      await lab.send("PUT", path, { mode: "OFF" }, "ada");
      if (settings.mode !== "OFF") await lab.set(settings);
      await lab.pass(10);
      if (scans > 0) await lab.scan();
      await lab.carryOut();
      expect(lab.told().slice(2)).toEqual([subject(id, "was stopped")]);
      await live(lab, scans);
      await lab.carryOut();
      expect(lab.told()).toHaveLength(3);
      expect((await lab.findings()).get(id)).toMatchObject({ status: "STOPPED" });
    },
  );

  it("is never told by its names or tags: their text is anybody's", async () => {
    const { lab } = await afterWeek({ tags: { Name: "click https://evil.example" } });
    await live(lab, 4);
    const text = JSON.stringify(lab.platform.sns.accepted(lab.topicArn));
    expect(text).not.toContain("evil");
  });
});

describe("nothing is stopped", () => {
  it.each([
    ["is protected from being stopped", { disableApiStop: true }, "STOP_PROTECTED"],
    [
      "is protected from being terminated",
      { disableApiTermination: true },
      "TERMINATION_PROTECTED",
    ],
    ["forwards others' traffic", { sourceDestCheck: false }, "FORWARDS_TRAFFIC"],
    ["is on a dedicated host", { tenancy: "host" }, "DEDICATED_HOST"],
  ] as const)(
    "where it %s: it is reported, and the protection is left",
    async (_, change, effect) => {
      const { lab, id } = await afterWeek(change);
      await live(lab, 4);
      expect(lab.stateOf(id)).toBe("running");
      expect(stopsOf(lab)).toEqual([]);
      const finding = (await lab.findings()).get(id);
      expect(finding).toMatchObject({ verdict: "REPORT" });
      expect(finding?.["effects"]).toContain(effect);
    },
  );

  it("where its owner protects it: he is not told that it is stopped in an hour, in any hour of days", async () => {
    const { lab, id } = await afterWeek({ disableApiStop: true });
    for (let day = 0; day < 3; day += 1) {
      await live(lab, 24);
      await lab.scan();
      expect((await lab.findings()).get(id)).toMatchObject({ verdict: "REPORT" });
    }
    expect(lab.told()).toEqual([subject(id, "runs without an owner")]);
    expect(stopsOf(lab)).toEqual([]);
  });

  it("where its owner protects it, until he no longer does", async () => {
    const { lab, id } = await afterWeek({ disableApiStop: true });
    await live(lab, 4);
    await asOwner(lab)("ModifyInstanceAttribute", {
      InstanceId: id,
      DisableApiStop: { Value: false },
    });
    await live(lab, 30);
    expect(lab.told().slice(1)).toEqual([
      subject(id, "is stopped in an hour"),
      subject(id, "was stopped"),
    ]);
  });

  it("where SNS refuses the one-hour notice: it is escalated, and stopped an hour after a notice is accepted", async () => {
    const { lab, id } = await afterWeek();
    let isRefused = true;
    lab.platform.cloud.faults.before(({ operation }) => {
      if (isRefused && operation === "Publish") throw refusals.unauthorized();
    });
    await live(lab, 5);
    expect(stopsOf(lab)).toEqual([]);
    expect((await lab.findings()).get(id)).toMatchObject({ notice_failed: { kind: "WARNING" } });
    isRefused = false;
    await lab.scan();
    await lab.carryOut();
    expect((await lab.findings()).get(id)).not.toHaveProperty("notice_failed");
    expect(stopsOf(lab)).toEqual([]);
    await lab.pass(60);
    await live(lab, 2);
    expect(stopsOf(lab)).toHaveLength(1);
  });

  it("where SNS refuses the first notice: no grace begins", async () => {
    const lab = await openEnforceLab();
    lab.add(49, { tags: { team: "shop" } });
    const [id = ""] = lab.add(1);
    lab.platform.sns.removeTopic(lab.topicArn);
    await lab.set({ mode: "ON", allowed_tags: [{ key: "team" }] });
    await passWeek(lab);
    await live(lab, 4);
    expect(stopsOf(lab)).toEqual([]);
    expect((await lab.findings()).get(id)).toMatchObject({ notice_failed: { kind: "FLAG" } });
  });

  it("while the kill switch is thrown: nobody is told either", async () => {
    const { lab } = await afterWeek();
    const body = { engaged: true, reason: "Incident 4711" };
    expect((await lab.send("PUT", "/kill-switch", body)).status).toBe(200);
    const before = lab.told().length;
    await live(lab, 5);
    expect(lab.told()).toHaveLength(before);
    expect(stopsOf(lab)).toEqual([]);
  });

  it("where it was exempted after its last notice", async () => {
    const { lab, id } = await afterWeek();
    await lab.scan();
    await lab.carryOut();
    const { accountId, region } = lab.place;
    const until = new Date(lab.clock.now() + 24 * 3_600_000).toISOString();
    const body = { reason: "Bastion", until };
    const path = `/governance/gov-${accountId}-${region}-${id}/exempt`;
    expect((await lab.send("POST", path, body)).status).toBe(200);
    await live(lab, 5);
    expect(stopsOf(lab)).toEqual([]);
  });

  it("where it has an owner by the time of the stop, which no list has shown yet", async () => {
    const { lab, id } = await afterWeek();
    await lab.scan();
    await lab.carryOut();
    await lab.pass(60);
    await lab.scan();
    await lab.pass(11);
    await asOwner(lab)("CreateTags", { Resources: [id], Tags: [{ Key: "team", Value: "shop" }] });
    await lab.pass(0.5);
    await lab.carryOut();
    expect(stopsOf(lab)).toEqual([]);
    await live(lab, 2);
    expect((await lab.findings()).has(id)).toBe(false);
  });
});

describe("three due, two of which are protected, where two may be stopped a day", () => {
  it("the third is stopped, and nobody is asked about the others", async () => {
    const lab = await openEnforceLab();
    lab.add(97, { tags: { team: "shop" } });
    const [id = ""] = lab.add(1);
    lab.add(2, { disableApiStop: true });
    await lab.set({ mode: "ON", allowed_tags: [{ key: "team" }] });
    await passWeek(lab);
    await live(lab, 4);
    expect(stopsOf(lab)).toMatchObject([{ input: { InstanceIds: [id] } }]);
    expect(await lab.send("GET", "/approvals")).toMatchObject({ body: { items: [] } });
  });
});

describe("30 instances, one due", () => {
  it("floor(0.6)=0: an approval is asked for, and nothing is stopped", async () => {
    const lab = await openEnforceLab();
    lab.add(29, { tags: { team: "shop" } });
    lab.add(1);
    await lab.set({ mode: "ON", allowed_tags: [{ key: "team" }] });
    await passWeek(lab);
    await live(lab, 4);
    expect(stopsOf(lab)).toEqual([]);
    const { body } = await lab.send("GET", "/approvals?status=PENDING");
    expect(body).toMatchObject({ items: [{ kind: "STOP_INSTANCES" }] });
  });
});

it("run twice at once it tells once and stops once", async () => {
  const { lab, id } = await afterWeek();
  for (let hour = 0; hour < 4; hour += 1) {
    await Promise.all([lab.scan(), lab.scan()]);
    await Promise.all([lab.carryOut(), lab.carryOut()]);
    await lab.pass(60);
  }
  expect(lab.stateOf(id)).toBe("stopped");
  expect(stopsOf(lab)).toHaveLength(1);
  expect(lab.told()).toHaveLength(3);
});
