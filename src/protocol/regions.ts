/** Where Recall's API lives, and which hosts stand for it. */

/** Recall's regions ("Regions"); `api` is an older name of us-east-1 that apps still use. */
export const RECALL_REGIONS = ['us-west-2', 'us-east-1', 'eu-central-1', 'ap-northeast-1', 'api'] as const;

/** `us-west-2.recall.ai` and the like: the hosts of the API, and no other of Recall's. */
export const RECALL_HOSTS: readonly string[] = RECALL_REGIONS.map((region) => `${region}.recall.ai`);

/** Whether a host is one of the API's. Hosts have no case, and may end with the dot of their root. */
export function isRecallHost(host: string): boolean {
  return RECALL_HOSTS.includes(host.toLowerCase().replace(/\.$/, ''));
}
