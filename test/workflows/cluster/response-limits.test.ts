/** What binds a conversion and does not bind the response to a warning; and groups that have no room for one member more. */
import { describe, expect, it } from "@jest/globals";
import { haltSwitches } from "../../../local/lab/halted.ts";
import { asOwner, onSpot, stagesOf } from "./group-days.ts";
import { complaintsAboutResponse, responseLab, type ResponseLab } from "./response-days.ts";

const hourS = 3600;

const ask = async (lab: ResponseLab, path: string, body: object): Promise<void> => {
  const { status } = await lab.account.api.send({ method: "PATCH", path, body });
  expect(status).toBe(200);
};

describe("a response ignores by name", () => {
  it.each([
    ["windows", { maintenance_windows: [{ cron: "0 3 1 1 *", duration: "1h", timezone: "UTC" }] }],
    ["approvals", { require_approval: true }],
  ])("%s", async (_name, limit) => {
    const lab = await responseLab();
    const policy_overrides = { batch_size: 2, ...limit };
    await ask(lab, `/lab/instances/${lab.targetId}`, { policy_overrides });
    lab.interrupt(lab.members[0] ?? "");
    await lab.pass(hourS);
    const ending = await lab.response();
    expect(ending.status).toBe("SWITCHED");
    expect(complaintsAboutResponse(lab, ending)).toEqual([]);
  });

  it.each([
    [
      "money",
      (lab: ResponseLab) =>
        ask(lab, `/accounts/${lab.name.accountId}`, { max_extra_hourly_usd: 0.0001 }),
    ],
    ["pace", ({ account }: ResponseLab) => haltSwitches(account)],
  ])("%s", async (_name, limit) => {
    const lab = await responseLab();
    await limit(lab);
    lab.interrupt(lab.members[0] ?? "");
    await lab.pass(hourS);
    const ending = await lab.response();
    expect(ending.status).toBe("SWITCHED");
    expect(complaintsAboutResponse(lab, ending)).toEqual([]);
  });
});

describe("a group without room", () => {
  it.each([
    ["with min = desired has another attached before the doomed one leaves", { MinSize: 2 }],
    ["at its maximum has that raised for the time, and put back", { MaxSize: 2 }],
    ["with min = desired = max is answered all the same", { MinSize: 2, MaxSize: 2 }],
  ])("%s", async (_name, size) => {
    const lab = await responseLab();
    await asOwner(lab)("UpdateAutoScalingGroup", size);
    const before = lab.group() ?? lab.before;
    lab.interrupt(lab.members[0] ?? "");
    await lab.pass(hourS);
    const ending = await lab.response();
    expect([ending.status, stagesOf(ending.swaps)]).toEqual(["SWITCHED", ["DONE"]]);
    expect(lab.group()).toMatchObject({ desired: 2, min: before.min, max: before.max });
    expect(onSpot(ending.group)).toBe(2);
    expect(complaintsAboutResponse({ ...lab, before }, ending)).toEqual([]);
  });
});
