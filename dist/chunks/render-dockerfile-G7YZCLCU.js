import{c25_imageRenderer as r,c25_renderDockerfile as e,c25_renderUpstreams as m}from"./texts.js";export{r as imageRenderer,e as renderDockerfile,m as renderUpstreams};
