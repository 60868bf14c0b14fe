import { describe, expect, it } from "@jest/globals";
import { noticeOfInterruption } from "../../../core/notice/of-interruption.ts";
import { noticeLine } from "../../../local/narration/narrator.ts";
import { accountId, instanceId, targetId } from "../../adapters/store/examples.ts";

const region = "us-east-1";
const taken = instanceId(1);
const pool = { region, zoneId: "use1-az4", instanceType: "r5.xlarge", product: "Linux/UNIX" };
const at = "2026-03-02T10:00:00.000Z";

describe("the line of a notice", () => {
  it("of an interruption names the instance that is taken, and not the key of its pool", () => {
    const warning = { kind: "INTERRUPTION_WARNING", accountId, region, instanceId: taken } as const;
    const notice = noticeOfInterruption(
      { ...warning, action: "terminate", at, receivedAt: at },
      { ...pool, accountId, instanceId: taken, launchedAt: at, targetId: targetId(1) },
    );
    const names = new Map<string, string>([[taken, "worker"]]);
    const line = noticeLine({ nameOf: (id) => names.get(id) }, { data: notice });

    expect(line).toMatchObject({ subject: { name: "worker", id: taken }, word: "Notice" });
  });
});
