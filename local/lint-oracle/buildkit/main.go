// BuildKit's verdict on many Dockerfiles: its own Dockerfile frontend, the one that `docker buildx build --check` asks,
// called as a library. Reads cases as JSON from standard input and writes one answer a case to standard output. The
// build context and the configurations of base images come with each case, so that nothing is fetched.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"

	"github.com/moby/buildkit/client/llb"
	"github.com/moby/buildkit/client/llb/sourceresolver"
	"github.com/moby/buildkit/frontend/dockerfile/builder"
	"github.com/moby/buildkit/frontend/gateway/client"
	gwpb "github.com/moby/buildkit/frontend/gateway/pb"
	"github.com/moby/buildkit/frontend/subrequests/lint"
	"github.com/moby/buildkit/solver/pb"
	"github.com/opencontainers/go-digest"
	ocispecs "github.com/opencontainers/image-spec/specs-go/v1"
	fstypes "github.com/tonistiigi/fsutil/types"
)

type request struct {
	Dockerfile   string            `json:"dockerfile"`
	Dockerignore string            `json:"dockerignore"`
	Target       string            `json:"target"`
	BuildArgs    map[string]string `json:"buildArgs"`
	// By reference, as the builder asks for it: docker.io/library/debian:latest.
	Bases map[string]json.RawMessage `json:"bases"`
}

type warning struct {
	Rule string `json:"rule"`
	Line int    `json:"line"`
	Text string `json:"text"`
}

type answer struct {
	Warnings []warning `json:"warnings"`
	Error    string    `json:"error,omitempty"`
}

var platform = ocispecs.Platform{OS: "linux", Architecture: "amd64"}

// gateway stands where the frontend expects BuildKit's daemon.
type gateway struct {
	client.Client
	files   map[string]string
	options map[string]string
	bases   map[string]json.RawMessage
}

func (g *gateway) BuildOpts() client.BuildOpts {
	return client.BuildOpts{
		Opts:    g.options,
		LLBCaps: pb.Caps.CapSet(pb.Caps.All()),
		Caps:    gwpb.Caps.CapSet(gwpb.Caps.All()),
		Workers: []client.WorkerInfo{{Platforms: []ocispecs.Platform{platform}}},
	}
}

func (g *gateway) Solve(context.Context, client.SolveRequest) (*client.Result, error) {
	result := client.NewResult()
	result.SetRef(&folder{files: g.files})
	return result, nil
}

func (g *gateway) Inputs(context.Context) (map[string]llb.State, error) { return nil, nil }

func (g *gateway) Warn(context.Context, digest.Digest, string, client.WarnOpts) error { return nil }

func (g *gateway) ResolveImageConfig(_ context.Context, reference string, _ sourceresolver.Opt) (string, digest.Digest, []byte, error) {
	config, known := g.bases[reference]
	if !known {
		config = json.RawMessage(`{"os":"linux","architecture":"amd64","config":{"Env":["PATH=/usr/bin:/bin"]},"rootfs":{"type":"layers","diff_ids":["sha256:` + digest.FromString("layer").Encoded() + `"]}}`)
	}
	return reference, digest.FromBytes(config), config, nil
}

func (g *gateway) ResolveSourceMetadata(ctx context.Context, op *pb.SourceOp, opt sourceresolver.Opt) (*sourceresolver.MetaResponse, error) {
	return nil, errors.New("not asked for by a check")
}

type folder struct {
	client.Reference
	files map[string]string
}

func (f *folder) ReadFile(_ context.Context, request client.ReadRequest) ([]byte, error) {
	text, known := f.files[path.Clean(request.Filename)]
	if !known {
		return nil, fs.ErrNotExist
	}
	return []byte(text), nil
}

func (f *folder) StatFile(_ context.Context, request client.StatRequest) (*fstypes.Stat, error) {
	text, known := f.files[path.Clean(request.Path)]
	if !known {
		return nil, fs.ErrNotExist
	}
	return &fstypes.Stat{Path: request.Path, Size: int64(len(text))}, nil
}

func check(r request) answer {
	files := map[string]string{"Dockerfile": r.Dockerfile}
	if r.Dockerignore != "" {
		files[".dockerignore"] = r.Dockerignore
	}
	options := map[string]string{"requestid": lint.RequestLint, "cmdline": "none"}
	if r.Target != "" {
		options["target"] = r.Target
	}
	for name, value := range r.BuildArgs {
		options["build-arg:"+name] = value
	}
	result, err := builder.Build(context.Background(), &gateway{files: files, options: options, bases: r.Bases})
	if err != nil {
		return answer{Warnings: []warning{}, Error: err.Error()}
	}
	var found lint.LintResults
	if err := json.Unmarshal(result.Metadata["result.json"], &found); err != nil {
		return answer{Warnings: []warning{}, Error: err.Error()}
	}
	reply := answer{Warnings: []warning{}}
	if found.Error != nil {
		reply.Error = found.Error.Message
	}
	for _, w := range found.Warnings {
		line := 0
		if w.Location != nil && len(w.Location.Ranges) > 0 {
			line = int(w.Location.Ranges[0].Start.Line)
		}
		reply.Warnings = append(reply.Warnings, warning{Rule: w.RuleName, Line: line, Text: w.Detail})
	}
	return reply
}

func main() {
	var requests []request
	if err := json.NewDecoder(os.Stdin).Decode(&requests); err != nil {
		fmt.Fprintln(os.Stderr, "standard input is not a list of cases:", err)
		os.Exit(2)
	}
	answers := make([]answer, 0, len(requests))
	for _, r := range requests {
		answers = append(answers, check(r))
	}
	json.NewEncoder(os.Stdout).Encode(answers)
}
