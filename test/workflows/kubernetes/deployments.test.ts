/** An upgrade of the product while a node is drained. */
import { describe, expect, it } from "@jest/globals";
import { hearChanges } from "../../../local/lab/node-harm.ts";
import { complaintsAboutNodes } from "../../../local/lab/node-judge.ts";
import { createNodeLab } from "../../../local/lab/node-lab.ts";
import { noting, releasesOf } from "../releases.ts";

describe("an upgrade in the middle of a drain", () => {
  it("leaves the drain the code with which it began, and gives the next node the new code", async () => {
    const lab = await createNodeLab();
    const ran: string[] = [];
    const evictions: number[] = [];
    lab.platform.deploy(noting("first", ran));
    hearChanges(lab, {
      before: ({ action }) => {
        if (action !== "create pods/eviction") return;
        evictions.push(ran.length);
        if (evictions.length === 1) lab.platform.deploy(noting("second", ran));
      },
    });
    const ending = await lab.run();
    expect(complaintsAboutNodes(lab, ending)).toEqual([]);
    expect(ending.status).toBe("SWITCHED");
    // The upgrade came before its last eviction, and functions ran after it.
    expect(evictions.length).toBeGreaterThan(1);
    expect(ran.length).toBeGreaterThan(evictions[0] ?? Infinity);
    expect(releasesOf(ran)).toEqual(["first"]);

    ran.length = 0;
    await lab.run();
    expect(releasesOf(ran)).toEqual(["second"]);
  });
});
