/** Settings of a cluster's parts, as they want to read them: pure. Everything listens on 127.0.0.1 only. */
import type { ClusterCredentials } from './credentials.ts';

export interface Layout {
  /** Folder of this cluster alone. */
  readonly folder: string;
  /** Folder for images and containers. */
  readonly data: string;
  readonly credentials: ClusterCredentials;
  /** kubectl's configuration. */
  readonly kubeconfig: string;
  readonly ports: { readonly etcd: number; readonly peer: number; readonly api: number; readonly kubelet: number };
  readonly bridge: string;
  /** Of the pods, with prefix length. */
  readonly subnet: string;
  readonly cgroup: string;
  /** Folders of the programs that set up networks. */
  readonly networkPlugins: string;
}

/** What the first process of every pod is made from. */
export const pauseImage = 'local.test/pause:1';

/** A Go program's flags. */
function flags(values: Readonly<Record<string, string | number | boolean>>): string[] {
  return Object.entries(values).map(([name, value]) => `--${name}=${value}`);
}

export function etcdArguments({ folder, ports }: Layout): string[] {
  const client = `http://127.0.0.1:${ports.etcd}`;
  const peer = `http://127.0.0.1:${ports.peer}`;
  return flags({
    'data-dir': `${folder}/etcd`,
    'listen-client-urls': client,
    'advertise-client-urls': client,
    'listen-peer-urls': peer,
    'initial-advertise-peer-urls': peer,
    'initial-cluster': `default=${peer}`,
    // What is lost with the machine would be thrown away anyway.
    'unsafe-no-fsync': true,
  });
}

export function apiserverArguments({ folder, credentials, ports }: Layout): string[] {
  const { authority, server, admin } = credentials;
  return flags({
    'etcd-servers': `http://127.0.0.1:${ports.etcd}`,
    'bind-address': '127.0.0.1',
    'secure-port': ports.api,
    'cert-dir': `${folder}/apiserver`,
    'tls-cert-file': server.certificate,
    'tls-private-key-file': server.key,
    'client-ca-file': authority,
    'authorization-mode': 'RBAC',
    'service-cluster-ip-range': '10.96.0.0/24',
    'service-account-issuer': 'https://kubernetes.default.svc',
    'service-account-key-file': server.certificate,
    'service-account-signing-key-file': server.key,
    'kubelet-client-certificate': admin.certificate,
    'kubelet-client-key': admin.key,
    'kubelet-preferred-address-types': 'Hostname',
    'endpoint-reconciler-type': 'none',
  });
}

export function controllerArguments({ credentials, kubeconfig }: Layout): string[] {
  const controllers = ['namespace', 'serviceaccount', 'root-ca-certificate-publisher', 'node-lifecycle'];
  return flags({
    kubeconfig,
    controllers: controllers.map((name) => `${name}-controller`).join(),
    'root-ca-file': credentials.authority,
    'bind-address': '127.0.0.1',
    'secure-port': 0,
    'leader-elect': false,
  });
}

export function schedulerArguments({ kubeconfig }: Layout): string[] {
  return flags({ kubeconfig, 'bind-address': '127.0.0.1', 'secure-port': 0, 'leader-elect': false });
}

export function kubeletArguments({ folder, kubeconfig }: Layout): string[] {
  return flags({
    kubeconfig,
    config: `${folder}/kubelet.json`,
    'root-dir': `${folder}/kubelet`,
    'cert-dir': `${folder}/kubelet/pki`,
    'hostname-override': 'localhost',
  });
}

/** https://kubernetes.io/docs/reference/config-api/kubelet-config.v1beta1/ */
export function kubeletConfiguration({ folder, credentials, ports, cgroup }: Layout): object {
  return {
    apiVersion: 'kubelet.config.k8s.io/v1beta1',
    kind: 'KubeletConfiguration',
    address: '127.0.0.1',
    port: ports.kubelet,
    healthzPort: 0,
    tlsCertFile: credentials.server.certificate,
    tlsPrivateKeyFile: credentials.server.key,
    authentication: {
      anonymous: { enabled: false },
      webhook: { enabled: false },
      x509: { clientCAFile: credentials.authority },
    },
    authorization: { mode: 'AlwaysAllow' },
    containerRuntimeEndpoint: `unix://${folder}/containerd.sock`,
    podLogsDir: `${folder}/logs`,
    volumePluginDir: `${folder}/volume-plugins`,
    // A network without a server of names; without an address here, every pod would be warned about.
    clusterDNS: ['10.96.0.10'],
    resolvConf: '',
    failSwapOn: false,
    failCgroupV1: false,
    cgroupDriver: 'cgroupfs',
    cgroupsPerQOS: false,
    cgroupRoot: cgroup,
    enforceNodeAllocatable: [],
    makeIPTablesUtilChains: false,
    imageGCHighThresholdPercent: 100,
    evictionHard: { 'memory.available': '1Mi' },
  };
}

/** https://github.com/containerd/containerd/blob/release/1.7/docs/cri/config.md */
export function containerdConfiguration({ folder, data, networkPlugins }: Layout): string {
  return `version = 2
root = "${data}"
state = "${folder}/state"
disabled_plugins = ["io.containerd.internal.v1.opt"]
[grpc]
address = "${folder}/containerd.sock"
[plugins."io.containerd.grpc.v1.cri"]
sandbox_image = "${pauseImage}"
netns_mounts_under_state_dir = true
restrict_oom_score_adj = true
[plugins."io.containerd.grpc.v1.cri".cni]
bin_dir = "${networkPlugins}"
conf_dir = "${folder}/cni"
[plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
runtime_type = "io.containerd.runc.v2"
`;
}

/** https://www.cni.dev/plugins/current/main/bridge/ */
export function networkConfiguration({ folder, bridge, subnet }: Layout): object {
  return {
    cniVersion: '0.4.0',
    name: 'pods',
    plugins: [
      {
        type: 'bridge',
        bridge,
        isGateway: true,
        ipam: { type: 'host-local', dataDir: `${folder}/addresses`, ranges: [[{ subnet }]] },
      },
    ],
  };
}
