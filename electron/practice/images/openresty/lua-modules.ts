// Modules of openresty's Lua library, in Lua: ngx.socket and resty.redis.

// Models openresty/lua-nginx-module, ngx.socket.tcp: methods and their words.
const socket = `
local Tcp = {}
Tcp.__index = Tcp
local call = { connect = ngx.__connect, send = ngx.__send, receive = ngx.__receive, close = ngx.__close, keep = ngx.__keep }

function Tcp:settimeout(ms) self.timeouts = { ms, ms, ms } end
function Tcp:settimeouts(connect, send, read) self.timeouts = { connect, send, read } end
function Tcp:setoption() return 1 end
function Tcp:connect(host, port, options)
  if type(host) ~= 'string' then error("bad argument #1 to 'connect' (string expected, got " .. type(host) .. ')', 2) end
  if type(tonumber(port)) ~= 'number' then return nil, 'missing the port number' end
  if self.id then call.close(self.id) end
  local pool = type(options) == 'table' and options.pool or host .. ':' .. tostring(port)
  local id, err, reused = call.connect(host, tonumber(port), self.timeouts[1] or 0, pool)
  self.id, self.pool, self.reused = id, pool, reused or 0
  if not id then return nil, err end
  return 1
end
function Tcp:send(data)
  if not self.id then return nil, 'closed' end
  return call.send(self.id, data, self.timeouts[2] or 0)
end
function Tcp:receive(size)
  if not self.id then return nil, 'closed' end
  local data, err, partial = call.receive(self.id, size or '*l', self.timeouts[3] or 0)
  if err and err ~= 'timeout' then self.id = nil end
  if err then return nil, err, partial end
  return data
end
function Tcp:getreusedtimes()
  if not self.id then return nil, 'closed' end
  return self.reused
end
function Tcp:setkeepalive()
  if not self.id then return nil, 'closed' end
  call.keep(self.id, self.pool)
  self.id = nil
  return 1
end
function Tcp:close()
  if not self.id then return nil, 'closed' end
  call.close(self.id)
  self.id = nil
  return 1
end
local tcp = function() return setmetatable({ timeouts = {} }, Tcp) end
rawset(ngx, 'socket', { tcp = tcp, stream = tcp, connect = function(...)
  local sock = tcp()
  local ok, err = sock:connect(...)
  if not ok then return nil, err end
  return sock
end })
`

// Models openresty/lua-resty-redis: the protocol of Redis, one method a command.
const redis = `
package.preload['resty.redis'] = function()
  local Redis = { _VERSION = '0.31' }

  local function request(...)
    local parts = { '*', select('#', ...), '\\r\\n' }
    for at = 1, select('#', ...) do
      local word = tostring((select(at, ...)))
      parts[#parts + 1] = '$' .. #word .. '\\r\\n' .. word .. '\\r\\n'
    end
    return parts
  end

  local function reply(self)
    local line, err = self._sock:receive()
    if not line then
      if err == 'timeout' then self._sock:close() end
      return nil, err
    end
    local kind, rest = line:sub(1, 1), line:sub(2)
    if kind == '+' then return rest end
    if kind == '-' then return false, rest end
    if kind == ':' then return tonumber(rest) end
    if kind == '$' then
      local size = tonumber(rest)
      if size < 0 then return ngx.null end
      local data, failure = self._sock:receive(size)
      if not data then return nil, failure end
      local ended, broken = self._sock:receive(2)
      if not ended then return nil, broken end
      return data
    end
    if kind == '*' then
      local size = tonumber(rest)
      if size < 0 then return ngx.null end
      local values = {}
      for at = 1, size do
        local value, failure = reply(self)
        if value == nil then return nil, failure end
        values[at] = value == false and { false, failure } or value
      end
      return values
    end
    return nil, 'unknown prefix: "' .. kind .. '"'
  end

  local function command(self, ...)
    local sock = rawget(self, '_sock')
    if not sock then return nil, 'not initialized' end
    if rawget(self, '_reqs') then
      self._reqs[#self._reqs + 1] = request(...)
      return
    end
    local sent, err = sock:send(request(...))
    if not sent then return nil, err end
    return reply(self)
  end

  function Redis.new() return setmetatable({ _sock = ngx.socket.tcp() }, Redis) end
  function Redis:set_timeout(ms) self._sock:settimeout(ms) end
  function Redis:set_timeouts(...) self._sock:settimeouts(...) end
  function Redis:connect(host, port, options) return self._sock:connect(host, port or 6379, options) end
  function Redis:set_keepalive(...) return self._sock:setkeepalive(...) end
  function Redis:get_reused_times() return self._sock:getreusedtimes() end
  function Redis:close() return self._sock:close() end
  function Redis:init_pipeline() self._reqs = {} end
  function Redis:cancel_pipeline() self._reqs = nil end
  function Redis:commit_pipeline()
    local reqs = rawget(self, '_reqs')
    if not reqs then return nil, 'no pipeline' end
    self._reqs = nil
    local sent, err = self._sock:send(reqs)
    if not sent then return nil, err end
    local values = {}
    for at = 1, #reqs do
      local value, failure = reply(self)
      if value == nil then return nil, failure end
      values[at] = value == false and { false, failure } or value
    end
    return values
  end
  function Redis:hmset(key, ...)
    local first = ...
    if type(first) ~= 'table' then return command(self, 'hmset', key, ...) end
    local words = {}
    for name, value in pairs(first) do
      words[#words + 1] = name
      words[#words + 1] = value
    end
    return command(self, 'hmset', key, unpack(words))
  end
  function Redis:array_to_hash(list)
    local hash = {}
    for at = 1, #list, 2 do hash[list[at]] = list[at + 1] end
    return hash
  end
  Redis.__index = function(_, name)
    if Redis[name] ~= nil then return Redis[name] end
    local method = function(self, ...) return command(self, name, ...) end
    Redis[name] = method
    return method
  end
  return Redis
end
`

/** Runs once in each machine, after the prelude. */
export const modules = socket + redis
