/** How long it takes until the software on an instance answers, where the settings say more of that than when EC2 shows it running. */
import { logNormal } from "../random.ts";
import { lasting, type Ec2Context } from "./context.ts";
import type { Instance } from "./state.ts";

/** From now on its software boots, after a launch, a start, a reboot, or with another root volume. */
export const beginBoot = ({ settings, random }: Ec2Context, instance: Instance, atMs: number) => {
  const { answersAfter } = settings;
  instance.answersFrom =
    answersAfter === undefined ? undefined : atMs + Math.round(logNormal(random, answersAfter));
};

/** EC2 shows it running before its software answers. † Half of that time before it at the latest. */
export const runningFrom = (context: Ec2Context, instance: Instance, atMs: number): number => {
  const bootMs = lasting(context, context.settings.bootMs);
  const { answersFrom } = instance;
  return answersFrom === undefined
    ? atMs + bootMs
    : atMs + Math.min(bootMs, Math.round((answersFrom - atMs) / 2));
};
