/** Load balancers (ALB, NLB, GWLB) of a region, and what each does with what comes in. */
import {
  DescribeListenersCommand,
  DescribeLoadBalancerAttributesCommand,
  DescribeLoadBalancersCommand,
  DescribeRulesCommand,
  DescribeTagsCommand,
  DescribeTargetGroupsCommand,
  DescribeTargetHealthCommand,
  type Action,
  type ElasticLoadBalancingV2Client,
  type Listener,
  type LoadBalancer,
  type TargetGroup,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import type {
  ForwardedGroup,
  LoadBalancerUse,
  OwnLoadBalancer,
} from "../../core/model/waste/network.ts";
import { readAllPages } from "./paging.ts";
import { required } from "./required.ts";
import { callAws } from "./translate-error.ts";

/** The API's largest page. */
const largestPage = 400;

const toBalancer = (found: LoadBalancer): OwnLoadBalancer => {
  const arn = required(found.LoadBalancerArn, "the ARN of a load balancer");
  const created = required(found.CreatedTime, `when ${arn} was made`);
  return {
    arn,
    name: required(found.LoadBalancerName, `the name of ${arn}`),
    type: required(found.Type, `the type of ${arn}`),
    createdAt: created.toISOString(),
  };
};

/** All of the region. @throws what a page throws: nothing of a list that was not read to its end is used */
export const readOwnLoadBalancers = async (
  elb: ElasticLoadBalancingV2Client,
): Promise<readonly OwnLoadBalancer[]> => {
  const found = await readAllPages({
    fetch: (token) =>
      callAws({ action: "DescribeLoadBalancers" }, () =>
        elb.send(new DescribeLoadBalancersCommand({ PageSize: largestPage, Marker: token })),
      ),
    items: (page) => page.LoadBalancers,
    next: (page) => page.NextMarker,
  });
  return found.map(toBalancer);
};

const readListeners = (elb: ElasticLoadBalancingV2Client, arn: string): Promise<Listener[]> =>
  readAllPages({
    fetch: (token) =>
      callAws({ action: "DescribeListeners", resource: arn }, () =>
        elb.send(new DescribeListenersCommand({ LoadBalancerArn: arn, Marker: token })),
      ),
    items: (page) => page.Listeners,
    next: (page) => page.NextMarker,
  });

/** Of all rules of a listener, the default one among them. */
const readRuleActions = async (
  elb: ElasticLoadBalancingV2Client,
  listenerArn: string,
): Promise<readonly Action[]> => {
  const rules = await readAllPages({
    fetch: (token) =>
      callAws({ action: "DescribeRules", resource: listenerArn }, () =>
        elb.send(new DescribeRulesCommand({ ListenerArn: listenerArn, Marker: token })),
      ),
    items: (page) => page.Rules,
    next: (page) => page.NextMarker,
  });
  return rules.flatMap(({ Actions = [] }) => Actions);
};

/** Application load balancers alone have rules besides the default actions. (ELB user guide, "Listener rules".) */
const readActions = async (
  elb: ElasticLoadBalancingV2Client,
  type: OwnLoadBalancer["type"],
  listeners: readonly Listener[],
): Promise<readonly string[]> => {
  const actions = listeners.flatMap(({ DefaultActions = [] }) => DefaultActions);
  if (type === "application") {
    for (const { ListenerArn } of listeners) {
      const arn = required(ListenerArn, "the ARN of a listener");
      actions.push(...(await readRuleActions(elb, arn)));
    }
  }
  const types = actions.map(({ Type }) => required(Type, "the type of an action"));
  return [...new Set(types)].sort();
};

const readForwarded = async (
  elb: ElasticLoadBalancingV2Client,
  found: TargetGroup,
): Promise<ForwardedGroup> => {
  const arn = required(found.TargetGroupArn, "the ARN of a target group");
  const health = await callAws({ action: "DescribeTargetHealth", resource: arn }, () =>
    elb.send(new DescribeTargetHealthCommand({ TargetGroupArn: arn })),
  );
  return {
    arn,
    targetType: required(found.TargetType, `the target type of ${arn}`),
    targets: (health.TargetHealthDescriptions ?? []).length,
  };
};

/** One after the other: the customer's own tooling shares the request limits. */
const readForwardedGroups = async (
  elb: ElasticLoadBalancingV2Client,
  arn: string,
): Promise<readonly ForwardedGroup[]> => {
  const found = await readAllPages({
    fetch: (token) =>
      callAws({ action: "DescribeTargetGroups", resource: arn }, () =>
        elb.send(new DescribeTargetGroupsCommand({ LoadBalancerArn: arn, Marker: token })),
      ),
    items: (page) => page.TargetGroups,
    next: (page) => page.NextMarker,
  });
  const groups: ForwardedGroup[] = [];
  for (const group of found) groups.push(await readForwarded(elb, group));
  return groups;
};

const readTags = async (
  elb: ElasticLoadBalancingV2Client,
  arn: string,
): Promise<Readonly<Record<string, string>>> => {
  const answer = await callAws({ action: "DescribeTags", resource: arn }, () =>
    elb.send(new DescribeTagsCommand({ ResourceArns: [arn] })),
  );
  const described = answer.TagDescriptions?.find(({ ResourceArn }) => ResourceArn === arn);
  const { Tags: tags = [] } = required(described, `the tags of ${arn}`);
  return Object.fromEntries(tags.flatMap(({ Key, Value = "" }) => (Key ? [[Key, Value]] : [])));
};

const readProtection = async (elb: ElasticLoadBalancingV2Client, arn: string): Promise<boolean> => {
  const answer = await callAws({ action: "DescribeLoadBalancerAttributes", resource: arn }, () =>
    elb.send(new DescribeLoadBalancerAttributesCommand({ LoadBalancerArn: arn })),
  );
  const protection = answer.Attributes?.find(({ Key }) => Key === "deletion_protection.enabled");
  return required(protection?.Value, `the deletion protection of ${arn}`) === "true";
};

/** Four calls, one for each listener that has rules, and one for each target group. */
export const readLoadBalancerUse = async (
  elb: ElasticLoadBalancingV2Client,
  { arn, type }: Pick<OwnLoadBalancer, "arn" | "type">,
): Promise<LoadBalancerUse> => {
  const [listeners, groups, tags, isDeletionProtected] = await Promise.all([
    readListeners(elb, arn),
    readForwardedGroups(elb, arn),
    readTags(elb, arn),
    readProtection(elb, arn),
  ]);
  const actions = await readActions(elb, type, listeners);
  return { listeners: listeners.length, actions, groups, tags, isDeletionProtected };
};
