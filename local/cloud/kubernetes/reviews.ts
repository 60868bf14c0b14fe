/** What a client asks about itself: who it is, and what it may do. Source: API reference, SelfSubjectReview, SelfSubjectAccessReview. */
import { isAllowed } from "./authorization.ts";
import type { Identity, KubeContext } from "./context.ts";
import { secondsOf } from "./objects.ts";
import type { Asked } from "./requests.ts";

interface ResourceAttributes {
  readonly verb?: string;
  readonly group?: string;
  readonly resource?: string;
  readonly subresource?: string;
  readonly namespace?: string;
  readonly name?: string;
}

interface AccessReview {
  readonly spec?: { readonly resourceAttributes?: ResourceAttributes };
}

const selfSubject = (context: KubeContext, identity: Identity): object => ({
  kind: "SelfSubjectReview",
  apiVersion: "authentication.k8s.io/v1",
  metadata: { creationTimestamp: secondsOf(context.time.now()) },
  status: { userInfo: identity },
});

const selfSubjectAccess = (context: KubeContext, identity: Identity, body: unknown): object => {
  const { spec = {} } = (body ?? {}) as AccessReview;
  const attributes = spec.resourceAttributes ?? {};
  const asked: Asked = {
    verb: attributes.verb ?? "",
    group: attributes.group ?? "",
    resource: attributes.resource ?? "",
    subresource: attributes.subresource ?? "",
    namespace: attributes.namespace ?? "",
    name: attributes.name ?? "",
  };
  return {
    kind: "SelfSubjectAccessReview",
    apiVersion: "authorization.k8s.io/v1",
    metadata: {},
    spec,
    status: { allowed: isAllowed(context, identity, asked) },
  };
};

/** By resource. Undefined for another one. */
export const reviewOf = (
  context: KubeContext,
  identity: Identity,
  { asked, body }: { readonly asked: Asked; readonly body: unknown },
): object | undefined => {
  if (asked.verb !== "create") return undefined;
  switch (`${asked.resource}.${asked.group}`) {
    case "selfsubjectreviews.authentication.k8s.io":
      return selfSubject(context, identity);
    case "selfsubjectaccessreviews.authorization.k8s.io":
      return selfSubjectAccess(context, identity, body);
    default:
      return undefined;
  }
};
