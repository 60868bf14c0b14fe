import { expect, it } from "@jest/globals";
import { engagedFor, getKillSwitch, setKillSwitch } from "../../../adapters/store/kill-switch.ts";
import type { KillSwitchScope } from "../../../adapters/store/kill-switch.ts";
import { describeForEachTable } from "./backends.ts";
import { accountId, after, at, otherAccountId } from "./examples.ts";

describeForEachTable("kill switch", (table) => {
  const set = (scope: KillSwitchScope, engaged: boolean, seconds = 0) =>
    setKillSwitch(table(), { scope, engaged, reason: "drill", by: "ops", now: after(seconds) });

  it("stops nobody before it was ever set", async () => {
    expect(await getKillSwitch(table(), "global")).toBeUndefined();
    expect(await engagedFor(table(), accountId)).toBeUndefined();
  });

  it("stops its own account only", async () => {
    await set(accountId, true);
    expect(await engagedFor(table(), accountId)).toEqual({
      scope: accountId,
      engaged: true,
      reason: "drill",
      by: "ops",
      at: at(0),
    });
    expect(await engagedFor(table(), otherAccountId)).toBeUndefined();
  });

  it("stops every account when it is global, and is named before the account's own", async () => {
    await set(accountId, true);
    await set("global", true);
    expect(await engagedFor(table(), accountId)).toMatchObject({ scope: "global" });
    expect(await engagedFor(table(), otherAccountId)).toMatchObject({ scope: "global" });
  });

  it("still stops an account whose own is engaged when the global one is lifted", async () => {
    await set(accountId, true);
    await set("global", true);
    await set("global", false, 5);
    expect(await engagedFor(table(), accountId)).toMatchObject({ scope: accountId });
    expect(await getKillSwitch(table(), "global")).toMatchObject({ engaged: false, at: at(5) });
  });

  it("lets the last setting win", async () => {
    await set("global", true);
    await set("global", false, 1);
    await set("global", true, 2);
    expect(await engagedFor(table(), accountId)).toMatchObject({ at: at(2) });
  });
});
