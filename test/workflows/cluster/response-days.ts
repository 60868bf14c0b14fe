/** A group whose members stand on Spot, in an account that forwards what AWS tells: what tests of its response to a warning share. */
import { listEvaluations } from "../../../adapters/store/evaluations.ts";
import { targetIdSchema } from "../../../core/model/ids.ts";
import {
  createGroupOnSpot,
  type GroupEnding,
  type GroupLabOptions,
} from "../../../local/lab/group-lab.ts";
import { forwardEvents } from "../../../local/lab/account.ts";
import { complaintsAboutGroup } from "../../../local/lab/group-judge.ts";
import { withBefore, type DayLab } from "./group-days.ts";

export interface ResponseLab extends DayLab {
  /** In the order in which the group has them. */
  readonly members: readonly string[];
  /** EC2 announces that it takes them, and does so two minutes later. */
  interrupt(...instanceIds: readonly string[]): void;
  pass(seconds: number): Promise<void>;
  /** What was started since, newest first. */
  responses(): Promise<readonly GroupEnding[]>;
  /** The only one. */
  response(): Promise<GroupEnding>;
}

/**
 * Empty when it ended well: whom EC2 takes does not serve from its announcement on, with us or without.
 * @param taken how many EC2 has taken at a time
 */
export const complaintsAboutResponse = (
  lab: ResponseLab,
  ending: GroupEnding,
  taken = 1,
): readonly string[] =>
  complaintsAboutGroup(lab, ending, { before: lab.before, asked: lab.before.desired - taken });

export const responseLab = async (options: GroupLabOptions = {}): Promise<ResponseLab> => {
  const lab = await createGroupOnSpot({
    size: 2,
    zones: 1,
    policy: { batch_size: 2 },
    ...options,
  });
  const { account, platform } = lab;
  await forwardEvents(account);
  const { before } = withBefore(lab);
  const { clock, table } = account;
  const targetId = targetIdSchema.parse(lab.targetId);
  const responses = async (): Promise<readonly GroupEnding[]> => {
    const { items } = await listEvaluations(table, { targetId, limit: 20 });
    // Without the conversion before.
    const own = items.slice(0, -1);
    const endings: GroupEnding[] = [];
    // One clock for all.
    for (const { evaluationId } of own) endings.push(await lab.finish(evaluationId));
    return endings;
  };
  return {
    ...lab,
    before,
    members: before.members.map(({ instanceId }) => instanceId),
    interrupt: (...ids) => {
      for (const id of ids) platform.ec2.control.interrupt(id);
    },
    pass: (seconds) => clock.run({ atMostMs: clock.now() + seconds * 1000 }),
    responses,
    response: async () => {
      const [only, ...others] = await responses();
      if (only === undefined || others.length > 0) {
        throw new Error(
          `${String(others.length)} evaluations beside ${only?.evaluationId ?? "none"}.`,
        );
      }
      return only;
    },
  };
};
