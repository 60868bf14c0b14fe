/** Listeners of the simulated load balancers and their rules, as a scenario says: what is done with what comes in. */
import type {
  Action,
  ActionTypeEnum,
  DescribeListenersInput,
  DescribeListenersOutput,
  DescribeRulesInput,
  DescribeRulesOutput,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { CloudError, type Handler, type ServiceModule } from "../contract.ts";
import type { LoadBalancers } from "./load-balancers.ts";
import { pageOf } from "./pages.ts";

export interface ListenerDeclaration {
  readonly loadBalancerArn: string;
  /** Of the default rule. Default: `forward`. */
  readonly action?: ActionTypeEnum;
  /** Of each rule besides: application load balancers have them. */
  readonly rules?: readonly ActionTypeEnum[];
  /** Where it forwards to. */
  readonly targetGroupArn?: string;
}

interface Listener extends ListenerDeclaration {
  readonly arn: string;
}

export interface Listeners {
  readonly add: (declaration: ListenerDeclaration) => void;
  readonly operations: ServiceModule["operations"];
}

const actionOf = ({ targetGroupArn }: Listener, type: ActionTypeEnum): Action => ({
  Type: type,
  Order: 1,
  ...(type === "forward" && targetGroupArn !== undefined && { TargetGroupArn: targetGroupArn }),
});

const defaultOf = (listener: Listener): Action => actionOf(listener, listener.action ?? "forward");

export const createListeners = (loadBalancers: LoadBalancers): Listeners => {
  const all: Listener[] = [];

  const describeListeners: Handler<DescribeListenersInput, DescribeListenersOutput> = (
    call,
    input,
  ) => {
    const arn = loadBalancers.require(call, input.LoadBalancerArn ?? "");
    const own = all.filter(({ loadBalancerArn }) => loadBalancerArn === arn);
    const { items, ...next } = pageOf(own, input);
    const Listeners = items.map((listener) => ({
      ListenerArn: listener.arn,
      LoadBalancerArn: arn,
      DefaultActions: [defaultOf(listener)],
    }));
    return { Listeners, ...next };
  };

  const describeRules: Handler<DescribeRulesInput, DescribeRulesOutput> = (call, input) => {
    const listener = all.find(({ arn }) => arn === input.ListenerArn);
    if (listener === undefined) {
      throw new CloudError("ListenerNotFound", "One or more listeners not found");
    }
    loadBalancers.require(call, listener.loadBalancerArn);
    const rules = [
      ...(listener.rules ?? []).map((type, index) => ({
        RuleArn: `${listener.arn}/${String(index)}`,
        Priority: String(index + 1),
        Actions: [actionOf(listener, type)],
        IsDefault: false,
      })),
      {
        RuleArn: `${listener.arn}/default`,
        Priority: "default",
        Actions: [defaultOf(listener)],
        IsDefault: true,
      },
    ];
    const { items, ...next } = pageOf(rules, input);
    return { Rules: [...items], ...next };
  };

  return {
    add: (declaration) => {
      const { loadBalancerArn } = declaration;
      const arn = `${loadBalancerArn.replace(":loadbalancer/", ":listener/")}/${String(all.length)}`;
      all.push({ ...declaration, arn });
    },
    operations: { DescribeListeners: describeListeners, DescribeRules: describeRules },
  };
};
