/** What a group does when EC2 recommends leaving members: nothing, unless its policy says so; and then with time, and seldom. */
import { describe, expect, it } from "@jest/globals";
import { complaintsAboutGroup } from "../../../local/lab/group-judge.ts";
import { launchesOf, onSpot, stagesOf } from "./group-days.ts";
import { responseLab, type ResponseLab } from "./response-days.ts";

const hourS = 3600;
const move = { batch_size: 2, on_rebalance_recommendation: "move" };

const ours = (lab: ResponseLab): number => launchesOf(lab) - lab.before.members.length;

const recommend = (lab: ResponseLab, ...ids: readonly string[]): void => {
  for (const id of ids) lab.platform.ec2.control.recommendRebalance(id);
};

describe("a rebalance recommendation", () => {
  it("of a member moves nobody where the policy does not ask for it", async () => {
    const lab = await responseLab();
    await lab.pass(7 * hourS);
    recommend(lab, ...lab.members);
    await lab.pass(hourS);
    expect(await lab.responses()).toEqual([]);
    expect(lab.group()).toEqual(lab.before);
  });

  it("moves one member where it does: another is proved and serves before that one leaves", async () => {
    const lab = await responseLab({ policy: move });
    await lab.pass(7 * hourS);
    recommend(lab, ...lab.members);
    await lab.pass(hourS);
    const ending = await lab.response();
    expect(ending.evaluation).toMatchObject({ startedBy: "recommendation", status: "SWITCHED" });
    expect(ending.evaluation.verdict?.sentence).toMatch(/EC2 recommends leaving i-\w+:/u);
    expect(stagesOf(ending.swaps)).toEqual(["DONE"]);
    expect([ours(lab), onSpot(ending.group)]).toEqual([1, 2]);
    expect(complaintsAboutGroup(lab, ending, { before: lab.before, asked: 2 })).toEqual([]);
  });

  it("again and again for a day moves a group of one each six hours, and no price brings it back in between", async () => {
    const lab = await responseLab({ size: 1, policy: { ...move, batch_size: 1 } });
    for (let quarter = 0; quarter < 24 * 4; quarter += 1) {
      recommend(lab, ...(lab.group()?.members.map(({ instanceId }) => instanceId) ?? []));
      await lab.pass(hourS / 4);
    }
    // The conversion before it counts as a move.
    expect(ours(lab)).toBe(3);
  });
});
