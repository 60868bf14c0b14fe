/** An interruption of a member of a group behind a load balancer: when as many get its traffic again without it as its owner asks for. */
import { complaintsAboutGroup } from "../../lab/group-judge.ts";
import { createGroupLab } from "../../lab/group-lab.ts";
import {
  duplicatesAmong,
  notServed,
  prepareFor,
  responseTo,
  secondsUntil,
  settingsOf,
  type Answered,
  type InterruptionCase,
} from "./interruption-case.ts";

const size = 3;

export const interruptMember = async (one: InterruptionCase): Promise<Answered> => {
  const lab = await createGroupLab({
    ...settingsOf(one),
    seed: one.seed,
    size,
    zones: 3,
    // Two checks of the load balancer, five seconds apart.
    healthyAfterSeconds: 10,
    policy: { batch_size: size },
  });
  const { account, platform, targetGroupArn } = lab;
  const { status } = await lab.run();
  const before = lab.group();
  const doomed = before?.members[one.seed % size]?.instanceId;
  if (status !== "SWITCHED" || before === undefined || doomed === undefined) {
    throw new Error(`The conversion before the interruption ended ${status}.`);
  }
  const launched = await prepareFor(account, one);
  platform.ec2.control.interrupt(doomed);
  const { served } = await secondsUntil(account, {
    // A member or not: who gets the load balancer's traffic.
    served: () =>
      platform.elb.healthyIn(targetGroupArn).filter((id) => id !== doomed).length >= size,
  });
  const ending = await lab.finish(await responseTo(account, lab.targetId));
  return {
    seed: one.seed,
    bootSeconds: launched[0]?.bootSeconds,
    servedAfterSeconds: served,
    duplicates: duplicatesAmong(launched),
    complaints: [
      ...(served === undefined ? [notServed] : []),
      ...complaintsAboutGroup(lab, ending, { before, asked: size - 1 }),
    ],
  };
};
