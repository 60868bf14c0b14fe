import { beforeEach, describe, expect, it } from "@jest/globals";
import { readOutbox } from "../../../adapters/store/outbox.ts";
import { readNoticeSettings } from "../../../adapters/store/notice-settings.ts";
import { addToMessage, noticeIdOf } from "../../../adapters/store/messages.ts";
import { accountIdSchema } from "../../../core/model/ids.ts";
import type { Notice } from "../../../core/model/notice.ts";
import { apiUnderTest, labAccount, startOfTime, type ApiUnderTest } from "./api-under-test.ts";

const accountId = accountIdSchema.parse(labAccount.account_id);
const path = `/accounts/${accountId}/notices`;
const topicArn = `arn:aws:sns:eu-central-1:${accountId}:spot-optimizer-notices`;
const secret = "only-an-example-of-32-characters";
const webhook = { url: "https://hooks.example.com/in", secret };

interface Problem {
  readonly errors?: readonly { readonly field: string }[];
}

const notice: Notice = {
  kind: "NEEDS_OPERATOR",
  accountId,
  error: "BrokenNeedsOperator",
  resource: "tgt-01j9z0x3k4m5n6p7q8r9",
  state: "evl-01j9z0x3k4m5n6p7q8r9",
  sentence: "Somebody must look.",
  figures: {},
  nextStep: "Look.",
  path: "/evaluations/evl-01j9z0x3k4m5n6p7q8r9",
  at: startOfTime.toISOString(),
};

describe("where an owner is told", () => {
  let api: ApiUnderTest;
  beforeEach(async () => {
    api = apiUnderTest();
    await api.send("POST", "/accounts", labAccount);
  });

  it("is nowhere until he says so, and all but tests is told then by default", async () => {
    expect((await api.send("GET", path)).body).toEqual({ account_id: accountId, kinds: [] });
    const set = await api.send("PUT", path, { topic_arn: topicArn });
    expect(set.body).toMatchObject({ topic_arn: topicArn, updated_at: startOfTime.toISOString() });
    const { kinds } = set.body as { kinds: readonly string[] };
    expect(kinds).toContain("NEEDS_OPERATOR");
    expect(kinds).not.toContain("TEST");
  });

  it("has the secret of a webhook sealed for its account, and shows it to nobody", async () => {
    const set = await api.send("PUT", path, { webhook });
    expect(set.status).toBe(200);
    const stored = await readNoticeSettings(api.table, accountId);
    expect(stored?.webhook?.sealedSecret).toBe(
      Buffer.from(`${accountId} ${secret}`).toString("base64"),
    );
    const shown = await api.send("GET", path);
    expect(JSON.stringify([set.body, shown.body, stored])).not.toContain(secret);
    const { items } = await api.table.query({ partition: "AUDIT" });
    expect(JSON.stringify(items)).toContain("SET_NOTICE_SETTINGS");
    expect(JSON.stringify(items)).not.toMatch(new RegExp(`${secret}|/in`));
  });

  it("keeps the secret where only the URL is set anew, and needs one where there was none", async () => {
    const { url } = webhook;
    const without = await api.send("PUT", path, { webhook: { url } });
    expect(without.status).toBe(422);
    expect((without.body as Problem).errors).toMatchObject([{ field: "webhook.secret" }]);
    await api.send("PUT", path, { webhook });
    const moved = await api.send("PUT", path, {
      webhook: { url: "https://hooks.example.com/new" },
    });
    expect(moved.status).toBe(200);
    expect(await readNoticeSettings(api.table, accountId)).toMatchObject({
      webhook: { url: "https://hooks.example.com/new", sealedSecret: expect.any(String) },
    });
  });

  it.each([
    "http://hooks.example.com/",
    "https://user:word@hooks.example.com/",
    "https://hooks.example.com/#part",
    "https://localhost/",
    "https://10.0.0.1/",
    "https://2130706433/",
    "https://[::1]/",
    "https://169.254.169.254/latest/meta-data/",
    "not a url",
  ])("is not %s", async (url) => {
    const answer = await api.send("PUT", path, { webhook: { ...webhook, url } });
    expect(answer.status).toBe(422);
    expect((answer.body as Problem).errors).toMatchObject([{ field: "webhook.url" }]);
  });

  it("is not a topic of another account, nor one that the role may not publish to", async () => {
    for (const arn of [
      topicArn.replace(accountId, "999988887777"),
      topicArn.replace("spot-", "x-"),
    ]) {
      const answer = await api.send("PUT", path, { topic_arn: arn });
      expect(answer.status).toBe(422);
      expect((answer.body as Problem).errors).toMatchObject([{ field: "topic_arn" }]);
    }
  });

  it("is forgotten with the account, and on request", async () => {
    await api.send("PUT", path, { webhook });
    expect((await api.send("DELETE", path)).status).toBe(204);
    expect(await readNoticeSettings(api.table, accountId)).toBeUndefined();
    await api.send("PUT", path, { webhook });
    await api.send("DELETE", `/accounts/${accountId}`);
    expect(await readNoticeSettings(api.table, accountId)).toBeUndefined();
  });

  it("is tried by a test notice, once for each key", async () => {
    const key = { "idempotency-key": "one" };
    const tested = await api.send("POST", `${path}/test`, undefined, key);
    expect(tested.status).toBe(200);
    expect((await api.send("POST", `${path}/test`, undefined, key)).body).toEqual(tested.body);
    const told = await readOutbox(api.table, { limit: 5 });
    expect(told.values.map((one) => one.notice.kind)).toEqual(["TEST"]);
  });
});

describe("a notice", () => {
  let api: ApiUnderTest;
  const noticeId = noticeIdOf(notice);
  const acknowledge = `/notices/${noticeId}/acknowledge`;
  beforeEach(async () => {
    api = apiUnderTest();
    await api.send("POST", "/accounts", labAccount);
    await addToMessage(api.table, noticeId, [{ key: "one", notice }]);
  });

  it("is acknowledged by a named person alone, and until it changes", async () => {
    expect((await api.send("POST", acknowledge)).status).toBe(403);
    const named = { "spot-optimizer-identity": "ada" };
    const known = await api.send("POST", acknowledge, undefined, named);
    expect(known.body).toMatchObject({ acknowledged: { by: expect.stringContaining("ada") } });
    const later = { ...notice, state: "evl-01j9z0x3k4m5n6p7q8r8" };
    await addToMessage(api.table, noticeId, [{ key: "two", notice: later }]);
    const { items } = (await api.send("GET", "/notices")).body as { items: readonly object[] };
    expect(items).toMatchObject([{ notice_id: noticeId, times: 2 }]);
    expect(items[0]).not.toHaveProperty("acknowledged");
  });

  it("is listed by account", async () => {
    await api.send("POST", "/accounts", { ...labAccount, account_id: "777788889999" });
    const of = async (id: string) => (await api.send("GET", `/notices?account_id=${id}`)).body;
    expect(await of(accountId)).toMatchObject({ items: [{ kind: "NEEDS_OPERATOR" }] });
    expect(await of("777788889999")).toEqual({ items: [] });
  });
});
