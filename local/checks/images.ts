/** The images that the checks are tried on. */

const installed = (packages: string): string =>
  `RUN apt-get update -q && apt-get install -qy --no-install-recommends ${packages} && rm -rf /var/lib/apt/lists/*`;

const service = (packages: string, version: string, more: string): string => `FROM debian:bookworm-slim
${installed(packages)}
EXPOSE 8080
RUN echo '{"items": [{"name": "Kettle"}]}' > /srv/items.json && mkdir /srv/folder /etc/app
RUN echo it-works > /srv/index.html && ln -s index.html /srv/link && chmod 640 /srv/index.html
RUN <<END
echo ${version} > /srv/version
printf '[server]\\nport = 8080\\nname = web-1\\n' > /etc/app/app.ini
echo '{"servers": [{"port": 8080}]}' | tee /etc/app/app.json > /etc/app/app.yaml
printf '[server]\\nports = [80, 443]\\n' > /etc/app/app.toml
echo '<Server port="8005"/>' > /etc/app/app.xml
echo .json:application/json > /etc/httpd.conf
echo PORT=8080 > /etc/app/app.env
echo 'http { server { listen 8080; } }' > /etc/app/app.conf
${more}
END
CMD perl -MIO::Socket::INET -e '$s = IO::Socket::INET->new(LocalPort => 5353, Proto => "udp"); sleep' & echo begun; sleep 1; exec busybox httpd -f -c /etc/httpd.conf -p \${PORT:-8080} -h /srv
`;

export const dockerfiles: Readonly<Record<string, string>> = {
  service: service('busybox-static openssl', '2', 'true'),
  /** What was published before `service`. */
  older: service('busybox-static less openssl', '1', 'echo old > /etc/app/old.conf'),
  failing: 'FROM debian:bookworm-slim\nRUN true\nRUN echo from the failing step; exit 3\n',
  'on-failing': 'FROM fleet.example/acme/failing:latest\nRUN true\n',
  /** One program and nothing else, for a user without a name. */
  bare: `FROM debian:bookworm-slim AS tools
${installed('busybox-static openssl')}
FROM scratch
COPY --from=tools /bin/busybox /httpd
USER 33
CMD ["/httpd", "-f", "-p", "8080"]
`,
  empty: 'FROM scratch\nLABEL nothing=here\n',
};
