/** What an owner is told, on good days and on bad ones. */
import { describe, expect, it } from "@jest/globals";
import { signatureOf } from "../../../adapters/webhook/post.ts";
import { noticeEventSchema } from "../../../core/notice/event.ts";
import { instanceIdSchema } from "../../../core/model/ids.ts";
import { noticeKinds } from "../../../core/model/notice.ts";
import { noticeOfInterruption } from "../../../core/notice/of-interruption.ts";
import { targetId } from "../../adapters/store/examples.ts";
import { openNoticeLab, openToldLab, secret } from "./notice-lab.ts";

const needsOperator = {
  status: "NEEDS_OPERATOR",
  reason: "BrokenNeedsOperator",
  sentence: "Somebody must look.",
} as const;

const rolledBack = {
  status: "ROLLED_BACK",
  reason: "BrokenQuota",
  sentence: "Rolled back.",
} as const;

describe("what is told", () => {
  it("reaches topic, webhook and bus as one sentence with figures, link and next step", async () => {
    const lab = await openToldLab();
    await lab.tell();
    expect(await lab.deliver()).toBe("1 messages were due, 3 were taken.");
    expect(lab.told()).toEqual([
      [
        "The switch was rolled back.",
        "downtime_seconds: 12",
        `See: http://localhost/api/v1/evaluations/evl-000000000001`,
        "Next: Raise the quota.",
      ].join("\n"),
    ]);
    const [event] = lab.events();
    expect(event).toMatchObject({
      version: "1",
      kind: "ROLLED_BACK",
      error: "BrokenQuota",
      times: 1,
    });
    expect(lab.posted).toHaveLength(1);
    const [{ headers, body, url } = { headers: {}, body: "", url: "" }] = lab.posted;
    expect(url).toBe("https://hooks.example.com/in");
    expect(JSON.parse(body)).toEqual(event);
    const timestamp = String(headers["spot-optimizer-timestamp"]);
    expect(headers["spot-optimizer-signature"]).toBe(signatureOf({ secret, timestamp, body }));
    expect(await lab.deliver()).toBe("0 messages were due, 0 were taken.");
  });

  it("of each kind is an event that matches the documented schema", async () => {
    const lab = await openToldLab();
    for (const kind of noticeKinds) {
      await lab.tell({ kind, resource: `of ${kind}`, state: "one", targetId: targetId(1) });
    }
    await lab.deliver();
    const events = lab.events();
    expect(events.map(({ kind }) => kind).toSorted()).toEqual([...noticeKinds].toSorted());
    // docs/notices.md has this very schema: it is generated from it.
    for (const event of events) expect(noticeEventSchema().parse(event)).toEqual(event);
    expect(noticeEventSchema().safeParse({ ...events[0], version: "2" }).success).toBe(false);
  });

  it("is passed over where nobody wants it, and does not come once somebody does", async () => {
    const lab = await openNoticeLab();
    await lab.tell();
    expect(await lab.deliver()).toBe("1 messages were due, 1 were taken.");
    const passed = { passed_over_at: expect.any(String) };
    expect((await lab.list())[0]?.["deliveries"]).toEqual([
      { channel: "SNS", ...passed },
      { channel: "WEBHOOK", ...passed },
      { channel: "EVENT_BUS", taken_at: expect.any(String), message_id: expect.any(String) },
    ]);
    await lab.send("PUT", `/accounts/${lab.accountId}/notices`, { topic_arn: lab.topicArn });
    expect(await lab.deliver()).toBe("0 messages were due, 0 were taken.");
    await lab.tell({ state: "changed" });
    await lab.deliver();
    expect(lab.told()).toHaveLength(1);
  });

  it("is of the kinds that the owner has chosen, but for a test, which always comes", async () => {
    const lab = await openToldLab({ kinds: ["NEEDS_OPERATOR"] });
    await lab.tell();
    await lab.send("POST", `/accounts/${lab.accountId}/notices/test`);
    await lab.deliver();
    expect(lab.told()).toHaveLength(1);
    expect(lab.told()[0]).toContain("has asked whether notices");
  });
});

describe("the end of an evaluation", () => {
  it("is told by whatever it came, although its closing told nobody", async () => {
    const lab = await openToldLab();
    await lab.begin(1);
    await lab.deliver();
    await lab.pass(60);
    await lab.deliver();
    await lab.pass(1);
    await lab.end(1, rolledBack);
    await lab.deliver();
    expect(lab.told()).toHaveLength(1);
    expect(lab.events()).toMatchObject([
      { evaluation_id: "evl-000000000001", error: "BrokenQuota" },
    ]);
    await lab.pass(1);
    await lab.deliver();
    expect(lab.told()).toHaveLength(1);
    expect(await lab.list()).toMatchObject([{ times: 1 }]);
  });

  it("is told where it began and ended between two looks, and while the deliverer did not run for hours", async () => {
    const lab = await openToldLab();
    await lab.begin(1);
    await lab.deliver();
    await lab.pass(30);
    await lab.begin(2);
    await lab.end(2, rolledBack);
    await lab.pass(30);
    await lab.begin(3);
    await lab.pass(200);
    await lab.end(1, rolledBack);
    await lab.end(3, rolledBack);
    await lab.deliver();
    // All of one target and one error: one message.
    expect(lab.events()).toMatchObject([{ times: 3 }]);
  });

  it("that changed nothing and waits for nobody is not told", async () => {
    const lab = await openToldLab();
    for (const [index, status] of (
      ["STAYED", "REFUSED", "SHADOWED", "ADOPTED"] as const
    ).entries()) {
      await lab.begin(index + 1);
      await lab.end(index + 1, { status, reason: "ASKED_FOR", sentence: "Nothing." });
    }
    await lab.deliver();
    expect(lab.events()).toEqual([]);
  });

  it("that needs an operator is repeated each hour until a named person acknowledges it", async () => {
    const lab = await openToldLab();
    await lab.begin(1);
    await lab.end(1, needsOperator);
    for (let minute = 0; minute < 150; minute += 10) {
      await lab.deliver();
      await lab.pass(10);
    }
    expect(lab.told()).toHaveLength(3);
    const [first] = await lab.list();
    const id = first?.notice_id ?? "";
    const path = `/notices/${id}/acknowledge`;
    expect(lab.told()[0]).toContain(`POST /api/v1${path}`);
    expect((await lab.send("POST", path)).status).toBe(403);
    expect((await lab.send("POST", path, undefined, "ada")).status).toBe(200);
    await lab.pass(24 * 60);
    await lab.deliver();
    expect(lab.told()).toHaveLength(3);
    expect(await lab.list()).toMatchObject([
      { acknowledged: { by: expect.stringContaining("ada") } },
    ]);
    expect(lab.events()).toHaveLength(1);
  });

  it("that needed an operator is not repeated once somebody has decided", async () => {
    const lab = await openToldLab();
    await lab.begin(1);
    await lab.end(1, needsOperator);
    await lab.deliver();
    await lab.end(1, { status: "ADOPTED", reason: "DECIDED", sentence: "It serves." });
    for (let hour = 0; hour < 4; hour += 1) {
      await lab.pass(61);
      await lab.deliver();
    }
    expect(lab.told()).toHaveLength(1);
    expect(await lab.list()).toMatchObject([{ over_at: expect.any(String) }]);
  });
});

describe("on a bad day", () => {
  it("the same cause a thousand times is one message, which says how often", async () => {
    const lab = await openToldLab();
    for (let count = 0; count < 1000; count += 1) {
      await lab.tell({ at: new Date(lab.clock.now() + count).toISOString() });
    }
    await lab.pass(1);
    await lab.deliver();
    await lab.deliver();
    expect(lab.told()).toHaveLength(1);
    expect(lab.told()[0]).toContain("Told 1000 times since");
    expect(lab.posted).toHaveLength(1);
    expect(await lab.list()).toMatchObject([{ times: 1000 }]);
  });

  it("two hundred instances that one pool takes are one message, with their number and a list", async () => {
    const lab = await openToldLab();
    const pool = {
      instanceType: "m5.large",
      zoneId: "use1-az1",
      product: "Linux/UNIX",
      region: "us-east-1",
      launchedAt: "2026-03-01T00:00:00.000Z",
    };
    const { accountId } = lab;
    for (let count = 1; count <= 200; count += 1) {
      const instanceId = instanceIdSchema.parse(`i-${String(count).padStart(17, "0")}`);
      const at = new Date(lab.clock.now() + count).toISOString();
      const event = { accountId, region: "us-east-1", instanceId, at, receivedAt: at };
      const warning = {
        ...event,
        kind: "INTERRUPTION_WARNING",
        action: "terminate",
      } as const;
      const standing = { ...pool, accountId, instanceId, targetId: targetId(count) };
      await lab.tell(noticeOfInterruption(warning, standing));
    }
    await lab.pass(1);
    await lab.deliver();
    expect(lab.told()).toHaveLength(1);
    expect(lab.told()[0]).toContain("200 within a day, the last first: i-00000000000000200 of");
    expect(lab.told()[0]).toContain("and 150 more.");
    expect(lab.events()).toMatchObject([
      { resource: "us-east-1#use1-az1#m5.large#Linux/UNIX", times: 200, member_count: 200 },
    ]);
    expect(lab.posted).toHaveLength(1);
    const [listed] = await lab.list();
    expect(listed?.["members"]).toHaveLength(200);
    await lab.pass(1);
    await lab.deliver();
    expect(lab.told()).toHaveLength(1);
  });

  it("a region in which every target is refused alike is one message, told again when another target is", async () => {
    const lab = await openToldLab();
    const refused = (count: number) =>
      lab.tell({
        kind: "DEGRADED",
        error: "BrokenPermission",
        resource: "us-east-1",
        member: targetId(count),
        at: new Date(lab.clock.now() + count).toISOString(),
      });
    for (let count = 1; count <= 50; count += 1) await refused(count);
    await lab.pass(1);
    await lab.deliver();
    for (let count = 1; count <= 50; count += 1) await refused(count);
    await lab.pass(1);
    await lab.deliver();
    expect(lab.told()).toHaveLength(1);
    await refused(51);
    await lab.pass(1);
    await lab.deliver();
    expect(lab.told()).toHaveLength(2);
    expect(lab.told()[1]).toContain(`51 within a day, the last first: ${targetId(51)}`);
  });

  it("SNS that refuses is asked again with back-off, holds up neither webhook nor bus, and raises the alarm at the third time", async () => {
    const lab = await openToldLab();
    lab.snsRefuses(true);
    await lab.tell();
    await lab.deliver();
    expect(lab.events()).toHaveLength(1);
    expect(lab.posted).toHaveLength(1);
    expect(lab.lines).toEqual([]);
    for (let minute = 0; minute < 8; minute += 1) {
      await lab.pass(1);
      await lab.deliver();
    }
    const undelivered = lab.lines.filter(({ keys }) => "noticeUndelivered" in keys);
    expect(undelivered.map(({ keys }) => keys["noticeUndelivered"])).toEqual(["SNS", "SNS"]);
    const [shown] = await lab.list();
    expect(shown?.["deliveries"]).toMatchObject([
      { channel: "SNS", failing: { attempts: 4, error: expect.stringContaining("Publish") } },
      { channel: "WEBHOOK" },
      { channel: "EVENT_BUS" },
    ]);
    lab.snsRefuses(false);
    await lab.pass(20);
    await lab.deliver();
    expect(lab.told()).toHaveLength(1);
    expect(lab.posted).toHaveLength(1);
  });

  it("a webhook that does not answer is asked once in a run, however much is due there, and the topic has all", async () => {
    const lab = await openToldLab();
    lab.answers(undefined);
    for (let count = 0; count < 20; count += 1)
      await lab.tell({ resource: `tgt-${String(count)}` });
    await lab.deliver();
    expect(lab.told()).toHaveLength(20);
    expect(lab.asked()).toBe(1);
    const failing = (await lab.list()).filter(({ deliveries }) =>
      JSON.stringify(deliveries).includes("does not answer"),
    );
    expect(failing).toHaveLength(20);
    lab.answers(200);
    await lab.pass(2);
    await lab.deliver();
    expect(lab.posted).toHaveLength(20);
  });

  it("a bus that takes nothing is asked again, and what was told is in an event then", async () => {
    const lab = await openToldLab();
    let isBroken = true;
    lab.platform.cloud.faults.before(({ operation }) => {
      if (operation === "PutEvents" && isBroken) throw new Error("the connection broke");
    });
    await lab.tell();
    await lab.deliver();
    expect(lab.told()).toHaveLength(1);
    isBroken = false;
    await lab.pass(2);
    await lab.deliver();
    const taken = (await lab.list())[0]?.["deliveries"];
    expect(taken).toMatchObject([{}, {}, { channel: "EVENT_BUS", message_id: expect.any(String) }]);
  });

  it("what this release can't read holds up nothing else, and raises the alarm", async () => {
    const lab = await openToldLab();
    const unknown = { kind: "OF_A_LATER_RELEASE" };
    const told = { pk: "OUTBOX", sk: "2026-01-01T00:00:00.000Z#0", version: 1, data: unknown };
    await lab.table.put(told, { ifAbsent: true });
    const due = { gsi2pk: "NOTICES_DUE", gsi2sk: "2026-01-01T00:00:00.000Z#ntc-0" };
    await lab.table.put({ ...told, pk: "NOTICE#ntc-0", sk: "RECORD", ...due }, { ifAbsent: true });
    await lab.tell();
    await lab.deliver();
    expect(lab.told()).toHaveLength(1);
    const alarming = lab.lines.filter(({ keys }) => keys["noticeUndelivered"] === "UNREADABLE");
    expect(alarming).toHaveLength(2);
    expect(await lab.table.get(told)).toBeDefined();
  });

  it("a deliverer that dies before it has let go of what it gathered counts nothing twice", async () => {
    const lab = await openToldLab();
    await lab.tell();
    const { items } = await lab.table.query({ partition: "OUTBOX" });
    await lab.deliver();
    for (const item of items) await lab.table.put(item, { ifAbsent: true });
    await lab.deliver();
    expect(lab.told()).toHaveLength(1);
    expect(lab.events()).toHaveLength(1);
    expect(await lab.list()).toMatchObject([{ times: 1 }]);
    expect((await lab.table.query({ partition: "OUTBOX" })).items).toEqual([]);
  });

  it("an account that is no longer connected is told nothing, and programs are", async () => {
    const lab = await openToldLab();
    await lab.tell();
    expect((await lab.send("DELETE", `/accounts/${lab.accountId}`)).status).toBe(204);
    await lab.deliver();
    expect(lab.told()).toEqual([]);
    expect(lab.posted).toEqual([]);
    expect(lab.events()).toHaveLength(1);
  });

  it("neither log nor list nor audit has the secret of a webhook", async () => {
    const lab = await openToldLab();
    lab.answers(500);
    await lab.tell();
    for (let minute = 0; minute < 5; minute += 1) {
      await lab.deliver();
      await lab.pass(2);
    }
    const settings = await lab.send("GET", `/accounts/${lab.accountId}/notices`);
    const { items } = await lab.table.query({ partition: "AUDIT" });
    const stored = await lab.table.get({ pk: `ACCOUNT#${lab.accountId}`, sk: "NOTICES" });
    const all = JSON.stringify([lab.lines, settings, await lab.list(), items, stored]);
    expect(all).not.toContain(secret);
    expect(lab.lines.length).toBeGreaterThan(0);
  });
});
