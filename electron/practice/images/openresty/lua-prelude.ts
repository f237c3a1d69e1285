// What LuaJIT (Lua 5.1) has and Lua 5.3 has not, and the modules that `require` finds.

export const prelude = `
unpack = table.unpack
loadstring = load
math.pow = function(a, b) return a ^ b end
math.log10 = function(a) return math.log(a, 10) end
math.mod = math.fmod
table.getn = function(t) return #t end
table.maxn = function(t) local n = 0 for k in pairs(t) do if type(k) == 'number' and k > n then n = k end end return n end
string.gfind = string.gmatch
_VERSION = 'Lua 5.1'
jit = { version = 'LuaJIT 2.1', os = 'Linux', arch = 'x64' }

-- Whole numbers are written without a point.
local integer = math.tointeger
local text = tostring
function tostring(value)
  if type(value) == 'number' then
    local whole = integer(value)
    if whole then return text(whole) end
    return string.format('%.14g', value)
  end
  if value == ngx.null then return 'userdata: NULL' end
  return text(value)
end
local format = string.format
function string.format(pattern, ...)
  local args, n, count = { ... }, 0, select('#', ...)
  for conversion in pattern:gsub('%%%%', ''):gmatch('%%[-+ #0]*%d*%.?%d*(%a)') do
    n = n + 1
    local value = args[n]
    if conversion == 'd' or conversion == 'i' or conversion == 'x' or conversion == 'X' or conversion == 'c' or conversion == 'o' or conversion == 'u' then
      value = tonumber(value)
      if value then args[n] = integer(value) or math.floor(value) end
    elseif conversion == 's' then
      args[n] = tostring(value)
    end
  end
  return format((pattern:gsub('(%%[-+ #0]*%d*%.?%d*)u', '%1d')), unpack(args, 1, math.max(count, n)))
end

local loaded = { string = string, table = table, math = math, coroutine = coroutine, _G = _G, ngx = ngx }
package = { loaded = loaded, preload = {}, path = '/usr/local/openresty/lualib/?.lua;;', cpath = '' }
function require(name)
  local found = loaded[name]
  if found ~= nil then return found end
  local make = package.preload[name]
  if not make then
    error("module '" .. name .. "' not found:\\n\\tno field package.preload['" .. name .. "']\\n\\tno file '/usr/local/openresty/lualib/" .. name:gsub('%.', '/') .. ".lua'", 2)
  end
  loaded[name] = make(name) or true
  return loaded[name]
end

bit = {
  band = function(a, ...) for _, b in ipairs({ ... }) do a = a & b end return a end,
  bor = function(a, ...) for _, b in ipairs({ ... }) do a = a | b end return a end,
  bxor = function(a, ...) for _, b in ipairs({ ... }) do a = a ~ b end return a end,
  bnot = function(a) return ~a end,
  lshift = function(a, n) return a << n end,
  rshift = function(a, n) return a >> n end,
}
loaded.bit = bit
os = { time = function() return ngx.time() end, clock = function() return ngx.now() end, getenv = function() return nil end,
  date = function(pattern, at) return ngx.__date(pattern or '%c', at or ngx.time()) end }
package.preload.cjson = function() return { encode = ngx.__json_encode, decode = ngx.__json_decode, null = ngx.null } end
package.preload['cjson.safe'] = package.preload.cjson
dofile, loadfile, collectgarbage = nil, nil, function() return 0 end
`
