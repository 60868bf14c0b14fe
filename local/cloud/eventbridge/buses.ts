/** The buses of all accounts, and their rules, set up as CloudFormation would. */
import { CloudError } from "../contract.ts";
import { patternOf } from "./pattern.ts";
import { kindOf } from "./reach.ts";
import { busArn, type Bus, type Place, type Target } from "./state.ts";

/** The bus that each account and region has, and on which services tell. */
const defaultBus = "default";

interface RuleDeclaration extends Place {
  /** Default: the default bus. */
  readonly busName?: string;
  readonly name: string;
  readonly pattern: Readonly<Record<string, unknown>>;
  readonly targets: readonly Target[];
}

const requireTargets = (targets: readonly Target[]): void => {
  for (const { arn } of targets) {
    if (kindOf(arn) !== undefined) continue;
    throw new Error(`The simulated EventBridge has no targets like ${arn}.`);
  }
};

export class Buses {
  readonly #buses = new Map<string, Bus>();

  at(arn: string): Bus | undefined {
    return this.#buses.get(arn);
  }

  /** By name or ARN; the default one is there without being made. @throws CloudError ResourceNotFoundException */
  named(place: Place, asked = defaultBus): Bus {
    const arn = asked.startsWith("arn:") ? asked : busArn(place, asked);
    const found = this.at(arn);
    if (found !== undefined) return found;
    if (asked !== defaultBus) {
      throw new CloudError("ResourceNotFoundException", `Event bus ${asked} does not exist.`);
    }
    return this.add(place, defaultBus);
  }

  add({ accountId, region }: Place, name: string): Bus {
    const arn = busArn({ accountId, region }, name);
    const bus: Bus = { accountId, region, name, arn, policy: undefined, rules: new Map() };
    this.#buses.set(arn, bus);
    return bus;
  }

  /** Also in place of the one of that name. @throws as `patternOf`; Error for a target of another kind */
  putRule({ busName, name, pattern, targets, ...place }: RuleDeclaration): void {
    requireTargets(targets);
    const bus = this.named(place, busName);
    const inBus = bus.name === defaultBus ? name : `${bus.name}/${name}`;
    const arn = `arn:aws:events:${place.region}:${place.accountId}:rule/${inBus}`;
    bus.rules.set(name, { name, arn, pattern: patternOf(pattern), targets });
  }

  removeRule(place: Place, name: string): void {
    this.named(place).rules.delete(name);
  }
}
