import { describe, expect, it } from "@jest/globals";
import type { Ending } from "../../../../local/lab/contract.ts";
import { CloudError } from "../../../../local/cloud/contract.ts";
import { harmCall, refusals } from "../../../../local/lab/harm.ts";
import { afterSwitch, type JanitorLab, leaveSpot } from "./janitor-lab.ts";

const byImage = { consistency: "stop-and-image" } as const;

const imageIds = ({ intents }: Ending) => {
  const made = intents.flatMap(({ change }) =>
    change.kind === "CREATE_IMAGE" ? [[change.purpose, change.imageId ?? ""] as const] : [],
  );
  return Object.fromEntries(made) as Readonly<Record<"warm" | "final", string>>;
};

/** Our images and snapshots that exist. */
const kept = ({ lab }: JanitorLab, kind: "image" | "snapshot"): readonly string[] =>
  lab.control
    .orphans()
    .filter((resource) => resource.kind === kind)
    .map(({ id }) => id);

describe("images of a switch", () => {
  it("go with their snapshots: the superseded one at once, the final one its days after the cool-off, once nothing stands on Spot", async () => {
    const janitor = await afterSwitch(byImage);
    const { warm, final } = imageIds(janitor.story);
    expect([...kept(janitor, "image")].sort()).toEqual([warm, final].sort());
    const snapshots = kept(janitor, "snapshot").length;

    expect(await janitor.tidy()).toBe("1 settled, 0 postponed, 0 failed.");
    expect(kept(janitor, "image")).toEqual([final]);
    expect(kept(janitor, "snapshot")).toHaveLength(snapshots / 2);

    await janitor.pass(7.9 * 24);
    // By then the original's cool-off is over.
    expect(await janitor.tidy()).toBe("1 settled, 0 postponed, 0 failed.");
    expect(kept(janitor, "image")).toEqual([final]);

    // A recovery would boot its host from it.
    await janitor.pass(0.2 * 24);
    expect(await janitor.tidy()).toBe("0 settled, 0 postponed, 0 failed.");
    expect(kept(janitor, "image")).toEqual([final]);

    await leaveSpot(janitor);
    expect(await janitor.tidy()).toBe("1 settled, 0 postponed, 0 failed.");
    expect(kept(janitor, "image")).toEqual([]);
    expect(kept(janitor, "snapshot")).toEqual([]);
    expect(await janitor.tidy()).toBe("0 settled, 0 postponed, 0 failed.");
  });

  it("stay for as many days as the policy says", async () => {
    const janitor = await afterSwitch({ ...byImage, policy: { snapshot_days: 30 } });
    await janitor.tidy();
    await janitor.pass(29 * 24);
    await janitor.tidy();
    expect(kept(janitor, "image")).toEqual([imageIds(janitor.story).final]);
  });

  it("leave no snapshot when somebody else deregistered them", async () => {
    const janitor = await afterSwitch(byImage);
    const { final } = imageIds(janitor.story);
    await janitor.asOwner("DeregisterImage", { ImageId: imageIds(janitor.story).warm });
    expect(await janitor.tidy()).toBe("1 settled, 0 postponed, 0 failed.");
    expect(janitor.calls()).toEqual(["DeleteSnapshot"]);
    expect(kept(janitor, "snapshot")).toHaveLength(1);
    expect(kept(janitor, "image")).toEqual([final]);
  });

  it("are asked for again where EC2 does not show them: not visible is not absent", async () => {
    const janitor = await afterSwitch(byImage);
    let isHidden = true;
    janitor.lab.platform.cloud.faults.before(({ operation, input }) => {
      const byId = (input as { readonly ImageIds?: readonly string[] }).ImageIds !== undefined;
      if (!isHidden || operation !== "DescribeImages" || !byId) return;
      throw new CloudError("InvalidAMIID.NotFound", "The image id does not exist");
    });
    janitor.lab.platform.cloud.faults.before(({ operation }) => {
      if (isHidden && operation === "DescribeSnapshots") throw refusals.unavailable();
    });
    expect(await janitor.tidy()).toBe("0 settled, 0 postponed, 1 failed.");
    isHidden = false;
    await janitor.pass(0.6);
    expect(await janitor.tidy()).toBe("1 settled, 0 postponed, 0 failed.");
    expect(kept(janitor, "image")).toEqual([imageIds(janitor.story).final]);
  });

  it("leave no snapshot where EC2 keeps those of an image, though the first DeleteSnapshot fails", async () => {
    const janitor = await afterSwitch({
      ...byImage,
      settings: { deletesAssociatedSnapshots: false },
    });
    harmCall(janitor.lab.platform, {
      harm: "unavailable",
      nth: 1,
      matches: ({ operation }) => operation === "DeleteSnapshot",
    });
    expect(await janitor.tidy()).toBe("0 settled, 0 postponed, 1 failed.");
    expect(kept(janitor, "image")).toEqual([imageIds(janitor.story).final]);
    expect(kept(janitor, "snapshot")).toHaveLength(2);
    await janitor.pass(0.6);
    expect(await janitor.tidy()).toBe("1 settled, 0 postponed, 0 failed.");
    expect(kept(janitor, "snapshot")).toHaveLength(1);
  });

  it("are deleted wholly by a janitor who was killed between image and snapshots", async () => {
    const janitor = await afterSwitch(byImage);
    const snapshots = kept(janitor, "snapshot").length;
    harmCall(janitor.lab.platform, {
      harm: "function killed after acting",
      nth: 1,
      matches: ({ operation }) => operation === "DeregisterImage",
    });
    await expect(janitor.tidy()).rejects.toThrow("killed");
    // One reading that does not show it is not proof enough.
    expect(await janitor.tidy()).toBe("0 settled, 1 postponed, 0 failed.");
    await janitor.pass(1.1);
    expect(await janitor.tidy()).toBe("1 settled, 0 postponed, 0 failed.");
    expect(kept(janitor, "snapshot")).toHaveLength(snapshots / 2);
  });

  it("are kept while the kill switch is on", async () => {
    const janitor = await afterSwitch(byImage);
    await janitor.lab.send("PUT", "/kill-switch", { engaged: true, reason: "an incident" });
    expect(await janitor.tidy()).toBe("0 settled, 0 postponed, 1 failed.");
    expect(kept(janitor, "image")).toHaveLength(2);
    expect(janitor.calls()).toEqual([]);
  });

  it("go although the original can't", async () => {
    const janitor = await afterSwitch(byImage);
    await janitor.pass(7.1 * 24);
    janitor.lab.platform.cloud.faults.before(({ operation }) => {
      if (operation === "TerminateInstances") throw new Error("connection reset");
    });
    await leaveSpot(janitor);
    expect(await janitor.tidy()).toBe("2 settled, 0 postponed, 1 failed.");
    expect(kept(janitor, "image")).toEqual([]);
    expect(janitor.originalState()).toBe("stopped");
  });

  it("are not the janitor's to delete for a stateless load, which was launched from its owner's image", async () => {
    const janitor = await afterSwitch({ consistency: "stateless" });
    await janitor.pass(30 * 24);
    await janitor.tidy();
    expect(janitor.calls()).toEqual(["TerminateInstances"]);
  });
});
