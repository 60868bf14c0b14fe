/** Takes the original out of the facts on it, for what is judged of one instance. */
import { SpotOptimizerError } from "../../errors.ts";
import type { LinearFacts } from "../../model/evaluation.ts";
import type { InstanceFacts } from "../../model/instance.ts";
import type { Whereabouts } from "../offers/judge.ts";

/** @throws BrokenFacts when EC2 did not show it: such an evaluation was refused, and goes no further */
export const originalIn = ({ instance }: LinearFacts): InstanceFacts => {
  if (instance !== undefined) return instance;
  throw new SpotOptimizerError("BrokenFacts", "The facts do not hold the original instance.");
};

/** @throws BrokenFacts, see `originalIn` */
export const whereaboutsOfOriginal = (facts: LinearFacts): Whereabouts => {
  const { platformDetails, vpcId, instanceType } = originalIn(facts);
  return { product: platformDetails, vpcId, instanceType };
};
